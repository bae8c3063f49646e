/** `npm run conformance:clients [-- LIFE ...] [--record]`: drives the real clients through whole lives; --record keeps the table in docs/clients.md. */
import { register } from 'tsx/esm/api';
import { buildAll, installPackages, requireTools } from '../prepare.mjs';

requireTools();
installPackages();
buildAll();
register();
await import('./clients/main.ts');
