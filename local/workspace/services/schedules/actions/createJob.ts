import type { WorkspaceContext } from '../../../context.ts';
import { recordsIn, type JobDocument, type RunDocument } from '../../../engine/jobs/records/index.ts';
import { Members, isObject, type Json } from '../../../server/bodies.ts';
import { notFound } from '../../../server/failures.ts';
import { checkReferences } from '../../jobs/checkReferences.ts';
import { engineOf } from '../../jobs/engines.ts';
import { readJob, type ReadJob } from '../../jobs/readJob.ts';
import type { Action, Firing } from './action.ts';
import { submit } from './submit.ts';

/** Runs a job that was defined with the schedule, or an earlier job again with some of its members changed. */
export const createJob: Action = {
  check: (context, action) => {
    const { properties } = jobIn(context, action);
    checkReferences(properties, engineOf(context).tools.places.assets);
  },
  run: async (context, firing) => {
    const job = jobIn(context, firing.schedule.action);
    const { assets } = engineOf(context).tools.places;
    const filled = { ...job, properties: filledIn(job.properties, firing) };
    checkReferences(filled.properties, assets);
    return submit(context, firing, { job: filled });
  },
};

function jobIn(context: WorkspaceContext, action: Json): ReadJob {
  const members = new Members(action, 'properties.action');
  const definition = members.needed('jobDefinition', members.object('jobDefinition'));
  return readJob(definitionOf(context, definition));
}

/** With a source, what the definition says stands over what the earlier job said. */
function definitionOf(context: WorkspaceContext, definition: Json): Json {
  const { sourceJobId } = definition;
  if (typeof sourceJobId !== 'string' || sourceJobId === '') return definition;
  const name = sourceJobId.split('/').at(-1) ?? '';
  const { jobs, runs } = recordsIn(context.store);
  const [job, run] = [jobs.get(name), runs.get(name)];
  if (!job || !run) throw notFound(`The job '${name}', which the schedule is to run again,`);
  return { ...merged(asSubmitted(job, run), said(definition)), jobType: job.properties['jobType'] };
}

function asSubmitted({ properties }: JobDocument, run: RunDocument): Json {
  const { experimentName, tags, description } = run;
  return { ...properties, experimentName, tags, description };
}

/** What clients send empty when nobody gave it says nothing. */
function said(definition: Json): Json {
  return Object.fromEntries(
    Object.entries(definition).filter(
      ([, value]) => value !== null && value !== '' && !(isObject(value) && Object.keys(value).length === 0),
    ),
  );
}

function merged(origin: Json, changes: Json): Json {
  const entries = Object.entries(changes).map(([key, value]) => {
    const before = origin[key];
    return [key, isObject(before) && isObject(value) ? { ...before, ...value } : value] as const;
  });
  return { ...origin, ...Object.fromEntries(entries) };
}

/** Inputs may hold the job's name and the time it was due. */
function filledIn(properties: Json, firing: Firing): Json {
  const inputs = isObject(properties['inputs']) ? properties['inputs'] : {};
  const filled = Object.entries(inputs).map(([name, input]) => [name, filledInput(input, firing)]);
  return { ...properties, inputs: Object.fromEntries(filled) };
}

function filledInput(input: unknown, { name, dueAt }: Firing): unknown {
  if (!isObject(input)) return input;
  const entries = Object.entries(input).map(([key, value]) => [
    key,
    typeof value !== 'string'
      ? value
      : value
          .replaceAll(/\$\{\{\s*name\s*\}\}/g, name)
          .replaceAll(/\$\{\{\s*creation_context\.trigger_time\s*\}\}/g, dueAt.toISOString()),
  ]);
  return Object.fromEntries(entries);
}
