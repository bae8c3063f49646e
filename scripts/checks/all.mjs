import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root, say } from '../prepare.mjs';
import { register } from 'tsx/esm/api';
import { checkArtifactTypes } from './artifactTypes.mjs';
import { checkBundles } from './bundles.mjs';
import { checkLinks } from './links.mjs';
import { checkTaskContracts } from './taskContracts.mjs';
import { checkTaskReference } from './taskReference.mjs';
import { checkTaskSchema } from './taskSchema.mjs';
import { checkVersions } from './versions.mjs';

const tool =
  (name, ...args) =>
  () => {
    const result = spawnSync(path.join(root, 'node_modules', '.bin', name), args, {
      cwd: root,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    return result.status === 0
      ? []
      : [`${result.stdout}${result.stderr}${result.error?.message ?? ''}`.trim()];
  };

const allChecks = ({ record }) => ({
  format: tool('prettier', '--check', '--log-level=warn', '.'),
  types: tool('tsc', '-p', 'tsconfig.json'),
  lint: tool('eslint', 'shared', 'tasks', 'local', 'tests', 'scripts', '--max-warnings=0'),
  layers: tool('depcruise', '--config', '.dependency-cruiser.mjs', 'shared', 'tasks', 'local', 'tests'),
  'unused code': tool('knip', '--no-progress', '--treat-config-hints-as-errors'),
  'task contracts': () => checkTaskContracts({ root, record }),
  'task schema': () => checkTaskSchema(root),
  'artifact types': () => checkArtifactTypes(root),
  'data sources': readDataSources,
  'task reference': () => checkTaskReference({ record }),
  versions: checkVersions,
  links: () => checkLinks(root),
  bundles: checkBundles,
});

/** It works with the local workspace, which is TypeScript. */
async function readDataSources() {
  register();
  const { checkDataSources } = await import('./dataSources.ts');
  return checkDataSources(root);
}

/** Runs all checks, says what they found, and tells whether all is well. */
export async function runChecks(options) {
  const checks = allChecks(options);
  let failed = 0;
  for (const [name, check] of Object.entries(checks)) {
    const problems = await check();
    say(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${name}`);
    for (const problem of problems) say(problem.replace(/^/gm, '       '));
    if (problems.length > 0) failed += 1;
  }
  say(failed === 0 ? 'All checks passed.' : `${failed} of ${Object.keys(checks).length} checks failed.`);
  return failed === 0;
}
