import { componentOf } from '../../engine/jobs/pipeline/component.ts';
import { isObject, type Json } from '../../server/bodies.ts';
import { userError } from '../../server/failures.ts';
import type { Batch } from '../batchEndpoints/batch.ts';
import type { Invocation } from './readInvocation.ts';

/** What a deployment runs: a component, or the steps of an earlier job with what that was given. */
interface Deployed {
  /** The members of the job that say what to run. */
  readonly steps: Json;
  readonly declaredInputs: Json;
  readonly outputNames: readonly string[];
  readonly inputs: Json;
  readonly outputs: Json;
  readonly settings: Json;
}

/** The pipeline job of a deployed component, with the inputs and outputs of the invocation. */
export function pipelineJob(batch: Batch, definition: Json, invocation: Invocation): Json {
  const configuration = objectOf(definition['deploymentConfiguration']);
  const { description } = configuration;
  const deployed = deployedBy(batch, String(objectOf(configuration['componentId'])['assetId']));
  const inputs = { ...deployed.inputs, ...invocation.inputs };
  refuseUnknown('input', Object.keys(invocation.inputs), Object.keys(deployed.declaredInputs));
  refuseUnknown('output', Object.keys(invocation.outputs), deployed.outputNames);
  refuseMissing(deployed.declaredInputs, inputs);
  return {
    ...deployed.steps,
    inputs,
    outputs: { ...deployed.outputs, ...invocation.outputs },
    settings: { ...deployed.settings, ...settingsOf(configuration['settings']) },
    tags: objectOf(configuration['tags']),
    ...(typeof description === 'string' ? { description } : {}),
  };
}

function deployedBy({ places }: Batch, componentId: string): Deployed {
  const component = componentOf(componentId, places.assets);
  const source = sourceJob(places, component);
  if (source) return fromJob(source, places);
  return {
    steps: { componentId },
    declaredInputs: objectOf(component['inputs']),
    outputNames: outputNames(component),
    ...{ inputs: {}, outputs: {}, settings: {} },
  };
}

/** A job has steps of its own, or those of a component. */
function fromJob({ jobs, componentId, ...job }: Json, { assets }: Batch['places']): Deployed {
  const component = typeof componentId === 'string' ? componentOf(componentId, assets) : {};
  const inputs = objectOf(job['inputs']);
  return {
    steps: { ...(jobs === undefined ? {} : { jobs }), ...(componentId === undefined ? {} : { componentId }) },
    declaredInputs: { ...objectOf(component['inputs']), ...inputs },
    outputNames: [...new Set([...outputNames(component), ...outputNames(job)])],
    inputs,
    outputs: withoutAddresses(objectOf(job['outputs'])),
    settings: objectOf(job['settings']),
  };
}

/** The job that a component was made from: the component itself holds no steps then. */
function sourceJob({ records }: Batch['places'], component: Json): Json | undefined {
  const name = component['source_job_id'] ?? component['sourceJobId'];
  if (typeof name !== 'string' || name === '') return undefined;
  const job = records.jobs.get(name.split('/').at(-1) ?? '');
  if (job) return job.properties;
  throw userError(`The job '${name}', which the deployment was made from, was not found in the workspace.`);
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
