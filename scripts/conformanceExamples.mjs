/** `npm run conformance:examples [-- NAME ...] [--write]`: runs the published hello-world jobs; --write keeps the table in docs/conformance-examples.md. */
import { register } from 'tsx/esm/api';
import { installPackages, requireTools } from './prepare.mjs';

requireTools();
installPackages();
register();
await import('./conformance/examples/main.ts');
