/** `npm test`: everything the tests need, then all of them. Further arguments go to mocha. */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import { buildAll, installPackages, requireTools, root } from './prepare.mjs';

requireTools();
installPackages();
installPackages(path.join(root, 'tests', 'node24'));
buildAll();
const mocha = path.join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
const reporter = path.join(root, 'scripts', 'testReporter.cjs');
const chosen = process.argv.slice(2).map(asPattern);
const files = chosen.length > 0 ? chosen : ['tests/**/*.test.ts'];
const result = spawnSync(process.execPath, [mocha, '--reporter', reporter, ...files], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(result.status ?? 1);

/** A folder means the tests in it. */
function asPattern(argument) {
  const isFolder = statSync(path.join(root, argument), { throwIfNoEntry: false })?.isDirectory();
  return isFolder ? `${argument.replace(/\/+$/, '')}/**/*.test.ts` : argument;
}
