import { defined, isObject, type Json, Members } from '../../server/bodies.ts';
import { userError } from '../../server/failures.ts';
import { readInputs, readOutputs } from './readInputs.ts';

/** The members of a pipeline job; its nodes stay as they are, in snake case. */
export function readPipeline(members: Members): Json {
  const jobs = members.object('jobs');
  if (!jobs && !members.text('componentId')) {
    throw userError("A pipeline job needs 'properties.jobs' or 'properties.componentId'.");
  }
  for (const [name, node] of Object.entries(jobs ?? {})) {
    if (!isObject(node)) throw userError(`The member 'properties.jobs.${name}' must be an object.`);
  }
  return defined({
    inputs: readInputs(members),
    outputs: readOutputs(members),
    jobs,
    settings: members.object('settings') ?? {},
  });
}
