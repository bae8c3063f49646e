/** `npm run check`: every check of `checks/` runs, and all failures are shown. --record: take over what is new in the tasks. */
import { installPackages } from './prepare.mjs';

installPackages();
// Only now, because the checks themselves need packages.
const { runChecks } = await import('./checks/all.mjs');
process.exitCode = (await runChecks({ record: process.argv.includes('--record') })) ? 0 : 1;
