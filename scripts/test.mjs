/** `npm test`: everything the tests need, then all of them. Further arguments go to mocha. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { buildAll, installPackages, requireTools, root } from './prepare.mjs';

requireTools();
installPackages();
buildAll();
const mocha = path.join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
const chosen = process.argv.slice(2);
const args = chosen.length > 0 ? chosen : ['tests/**/*.test.ts'];
const result = spawnSync(process.execPath, [mocha, ...args], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(result.status ?? 1);
