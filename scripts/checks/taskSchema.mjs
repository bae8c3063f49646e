/** Every task.json fits the public schema of tasks. */
import { Ajv } from 'ajv';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { taskNames } from '../build.mjs';
import { agentTask, serverTask } from './taskShape.mjs';

export async function checkTaskSchema(root) {
  const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
  const validators = { agent: ajv.compile(agentTask), server: ajv.compile(serverTask) };
  const problems = await Promise.all(
    (await taskNames(root)).map(async (name) => {
      const task = JSON.parse(await readFile(path.join(root, 'tasks', name, 'task.json'), 'utf8'));
      const validate = validators[isServerTask(task) ? 'server' : 'agent'];
      validate(task);
      return (validate.errors ?? []).map(
        ({ instancePath, message, params }) =>
          `tasks/${name}/task.json: ${instancePath || '/'} ${message} ${JSON.stringify(params)}`,
      );
    }),
  );
  return problems.flat();
}

/** A task runs on agents or on the server, never on both in one version. */
function isServerTask({ runsOn = [] }) {
  return runsOn.some((host) => host === 'Server' || host === 'ServerGate');
}
