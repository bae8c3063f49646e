/** `npm run conformance:kill [-- --kills N] [--seed N]`: kills the workspace at random moments under load and looks what is left. */
import { register } from 'tsx/esm/api';
import { buildAll, installPackages, requireTools } from '../prepare.mjs';

requireTools();
installPackages();
buildAll();
register();
await import('./kill/main.ts');
