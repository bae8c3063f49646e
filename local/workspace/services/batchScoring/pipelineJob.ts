import { componentOf } from '../../engine/jobs/pipeline/component.ts';
import { isObject, type Json } from '../../server/bodies.ts';
import { userError } from '../../server/failures.ts';
import type { Batch } from '../batchEndpoints/batch.ts';
import type { Invocation } from './readInvocation.ts';

/** The pipeline job of a deployed component, with the inputs and outputs of the invocation. */
export function pipelineJob(batch: Batch, definition: Json, invocation: Invocation): Json {
  const configuration = objectOf(definition['deploymentConfiguration']);
  const componentId = String(objectOf(configuration['componentId'])['assetId']);
  const component = componentOf(componentId, batch.places.assets);
  const source = sourceJob(batch, component);
  const declared = objectOf((source ?? component)['inputs']);
  refuseUnknown('input', Object.keys(invocation.inputs), Object.keys(declared));
  refuseUnknown('output', Object.keys(invocation.outputs), outputNames(source ?? component));
  if (!source) refuseMissing(declared, invocation.inputs);
  return {
    ...(source ? { jobs: source['jobs'] } : { componentId }),
    inputs: { ...(source ? declared : {}), ...invocation.inputs },
    outputs: { ...(source ? withoutAddresses(objectOf(source['outputs'])) : {}), ...invocation.outputs },
    settings: { ...objectOf(source?.['settings']), ...settingsOf(configuration['settings']) },
    tags: objectOf(configuration['tags']),
    ...(typeof configuration['description'] === 'string'
      ? { description: configuration['description'] }
      : {}),
  };
}

/** The job that a component was made from: the component itself holds no steps then. */
function sourceJob({ places }: Batch, component: Json): Json | undefined {
  const name = component['source_job_id'] ?? component['sourceJobId'];
  if (typeof name !== 'string' || name === '') return undefined;
  const job = places.records.jobs.get(name.split('/').at(-1) ?? '');
  if (!job)
    throw userError(`The job '${name}', which the deployment was made from, was not found in the workspace.`);
  return job.properties;
}

function outputNames({ outputs }: Json): string[] {
  return Object.keys(objectOf(outputs)).filter((name) => name !== 'default');
}

/** What the earlier job gave stays its own. */
function withoutAddresses(outputs: Json): Json {
  const kept = Object.entries(outputs).filter(([name]) => name !== 'default');
  return Object.fromEntries(kept.map(([name, output]) => [name, { ...objectOf(output), uri: undefined }]));
}

/** Refuses what has no place in the job, naming what has. */
function refuseUnknown(what: string, given: Iterable<string>, known: readonly string[]): void {
  const unknown = [...given].filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const offered = known.length === 0 ? `it has no ${what}s` : `its ${what}s are '${known.join("', '")}'`;
  throw userError(`The deployment has no ${what} '${unknown.join("', '")}': ${offered}.`);
}

function refuseMissing(declared: Json, given: Json): void {
  const missing = Object.entries(declared)
    .filter(([name, input]) => !(name in given) && isNeeded(objectOf(input)))
    .map(([name]) => name);
  if (missing.length > 0) throw userError(`The deployment needs the inputs '${missing.join("', '")}'.`);
}

function isNeeded(input: Json): boolean {
  return input['default'] === undefined && input['optional'] !== true && String(input['optional']) !== 'True';
}

/** A deployment keeps its settings as texts; a pipeline has them as what they are. */
function settingsOf(settings: unknown): Json {
  const entries = Object.entries(objectOf(settings)).map(([name, value]): [string, unknown] => [
    name.replace(/^ComponentDeployment\.Settings\./i, ''),
    typeof value === 'string' && /^(?:true|false)$/i.test(value) ? /^true$/i.test(value) : value,
  ]);
  return Object.fromEntries(entries);
}

function objectOf(value: unknown): Json {
  return isObject(value) ? value : {};
}
