/** `npm start`: from a fresh clone to a live, approved endpoint. Further arguments go to `azureml-local run`. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { buildAll, installPackages, requireTools, root } from './prepare.mjs';

requireTools();
installPackages();
buildAll();
const args = process.argv.slice(2);
const child = spawn(
  process.execPath,
  [
    path.join(root, 'bin', 'azureml-local.mjs'),
    'run',
    path.join('samples', 'diabetes', 'azure-pipelines.yml'),
    ...args,
  ],
  { cwd: root, stdio: 'inherit' },
);
// Ctrl+C reaches the child through the terminal; this process waits for its orderly end.
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => signal === 'SIGTERM' && child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));
