/** `npm run conformance:yaml [FOLDER]`: what our client and the reference client send for the same YAML files, compared. */
import { register } from 'tsx/esm/api';
import { installPackages, requireTools } from '../prepare.mjs';

requireTools();
installPackages();
register();
await import('./yaml/main.ts');
