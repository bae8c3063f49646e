/** `npm run conformance:api [-- RESOURCE ...] [--seed N] [--write]`: bodies generated from the published schemas, and every answer compared with the published types. */
import { register } from 'tsx/esm/api';
import { installPackages, requireTools } from '../prepare.mjs';

requireTools();
installPackages();
register();
await import('./api/main.ts');
