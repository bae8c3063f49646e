/** Every task.json fits the public schema of tasks. */
import Ajv from 'ajv-draft-04';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { taskNames } from '../build.mjs';

const schemaFile = new URL('./schemas/tasks.schema.json', import.meta.url);

export async function checkTaskSchema(root) {
  const schema = JSON.parse(await readFile(schemaFile, 'utf8'));
  // Its patterns escape what the unicode mode of regular expressions does not let one escape.
  const ajv = new Ajv.default({ allErrors: true, strict: false, unicodeRegExp: false });
  const validators = { agent: ajv.compile(schema), server: ajv.compile(forServerTasks(schema)) };
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

/**
 * The schema knows the handlers of agents only, though the service takes those of server tasks, as every shipped server
 * task has one. They have no file to run (`target`), so they are let in beside the others and stay free inside.
 */
function forServerTasks(schema) {
  const patched = structuredClone(schema);
  patched.id = `${schema.id}#server`;
  patched.properties.execution = {
    type: 'object',
    additionalProperties: false,
    properties: { HttpRequest: { type: 'object' }, HttpRequestChain: { type: 'object' } },
  };
  return patched;
}
