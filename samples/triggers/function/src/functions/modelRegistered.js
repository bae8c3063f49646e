import { app } from '@azure/functions';
import { createHandler } from '../handler.js';
import { readSettings } from '../settings.js';

// Anonymous to the Functions host: the handler itself checks Event Grid's token, which says more than a key in an address.
app.http('modelRegistered', {
  methods: ['POST'],
  authLevel: 'anonymous',
  handler: createHandler(readSettings(process.env)),
});
