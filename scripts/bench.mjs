/** `npm run bench [-- NAME ...] [--write]`: speed and size as ratios within one run; --write keeps the table in docs/benchmarks.md. */
import { register } from 'tsx/esm/api';
import { buildAll, installPackages, requireTools } from './prepare.mjs';

requireTools();
installPackages();
buildAll();
register();
await import('./bench/main.ts');
