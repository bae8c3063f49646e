/** `npm run check`: format, types, lint, layers, unused code, task contracts, task bundles. Every check runs; all failures are shown. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { checkTaskContracts } from './checks/taskContracts.mjs';
import { checkBundles } from './checks/bundles.mjs';
import { checkTaskReference } from './checks/taskReference.mjs';
import { checkVersions } from './checks/versions.mjs';
import { installPackages, root, say } from './prepare.mjs';

installPackages();
const bin = (name) => path.join(root, 'node_modules', '.bin', name);
const tool = (name, args) => () => {
  const result = spawnSync(bin(name), args, {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  return result.status === 0 ? [] : [`${result.stdout}${result.stderr}${result.error?.message ?? ''}`.trim()];
};

const checks = {
  format: tool('prettier', ['--check', '--log-level=warn', '.']),
  types: tool('tsc', ['-p', 'tsconfig.json']),
  lint: tool('eslint', ['shared', 'tasks', 'local', 'tests', '--max-warnings=0']),
  layers: tool('depcruise', ['--config', '.dependency-cruiser.mjs', 'shared', 'tasks', 'local', 'tests']),
  'unused code': tool('knip', ['--no-progress']),
  'task contracts': () => checkTaskContracts({ record: process.argv.includes('--record') }),
  'task reference': () => checkTaskReference({ record: process.argv.includes('--record') }),
  versions: checkVersions,
  bundles: checkBundles,
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  const problems = await check();
  say(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  for (const problem of problems) say(problem.replace(/^/gm, '       '));
  if (problems.length > 0) failed += 1;
}
if (failed > 0) {
  say(`${failed} of ${Object.keys(checks).length} checks failed.`);
  process.exit(1);
}
