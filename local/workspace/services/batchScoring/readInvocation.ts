import { createHash } from 'node:crypto';
import { isObject, type Json } from '../../server/bodies.ts';
import { userError } from '../../server/failures.ts';
import { checkJobName } from '../jobs/readJob.ts';
import { BodyReader } from '../onlineEndpoints/bodyReader.ts';
import { optional } from '../onlineEndpoints/parseEndpoint.ts';
import { typeOf } from './inputTypes.ts';

/** What a caller asks of a batch endpoint. */
export interface Invocation {
  /** As job bodies have them. */
  readonly inputs: Readonly<Record<string, Json>>;
  readonly outputs: Readonly<Record<string, Json>>;
  readonly name?: string;
  readonly experimentName?: string;
  readonly overrides: Overrides;
  /** Of everything that was asked, so that a repeated request is known from another one with the same name. */
  readonly digest: string;
}

/** Settings of the deployment that count for this job only. */
export interface Overrides {
  readonly miniBatchSize?: number;
  readonly errorThreshold?: number;
  readonly outputFileName?: string;
  readonly instanceCount?: number;
  readonly maxRetries?: number;
  readonly timeoutInMs?: number;
}

const MOST = 2_147_483_647;

/** Reads the body of an invocation; its members are written in any case. */
export function readInvocation(body: Json, deployment: string): Invocation {
  const reader = new BodyReader(uncapital(body['properties'] ?? body['Properties'] ?? {}), 'properties');
  const name = reader.text('name') ?? reader.text('jobName');
  const experimentName =
    reader.text('experimentName') ??
    new BodyReader(uncapital(reader.object('properties')?.raw() ?? {})).text('experimentName');
  const read = {
    inputs: readEach(reader, 'inputData', 'jobInputType'),
    outputs: { ...readEach(reader, 'outputData', 'jobOutputType'), ...readOutputDataset(reader) },
    ...optional('name', name ? checkJobName(name) : undefined),
    ...optional('experimentName', experimentName || undefined),
    overrides: readOverrides(reader),
  };
  if (reader.has('dataset'))
    reader.fault('dataset', 'was the input of an earlier version of the service; give inputData');
  reader.throwFaults();
  return { ...read, digest: digestOf({ deployment, ...read }) };
}

function readOverrides(reader: BodyReader): Overrides {
  const compute = reader.has('compute')
    ? new BodyReader(uncapital(reader.object('compute')?.raw() ?? {}), 'properties.compute')
    : undefined;
  const retries = reader.object('retrySettings');
  const fileName = reader.text('outputFileName');
  if (fileName !== undefined && /[/\\\0]|^\.{0,2}$/.test(fileName))
    reader.fault('outputFileName', `must be the name of a file, not '${fileName}'`);
  return {
    ...optional('miniBatchSize', reader.integer('miniBatchSize', 1, MOST)),
    ...optional('errorThreshold', reader.integer('errorThreshold', -1, MOST)),
    ...optional('outputFileName', fileName),
    ...optional('instanceCount', compute?.integer('instanceCount', 1, MOST)),
    ...optional('maxRetries', retries?.integer('maxRetries', 0, MOST)),
    ...optional('timeoutInMs', retries?.duration('timeout')),
  };
}

function readEach(
  reader: BodyReader,
  group: 'inputData' | 'outputData',
  by: 'jobInputType' | 'jobOutputType',
): Record<string, Json> {
  const members = reader.object(group)?.raw() ?? {};
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => [name, readOne(value, by, `properties.${group}.${name}`)]),
  );
}

/** Job bodies write these members as the service spells them, and every literal as text. */
function readOne(value: unknown, by: string, place: string): Json {
  if (!isObject(value)) throw userError(`The member '${place}' must be an object.`);
  const members = uncapital(value);
  const written = members[by];
  const type = typeof written === 'string' ? typeOf(written) : undefined;
  if (type === undefined || (type === 'literal' && by === 'jobOutputType'))
    throw userError(
      `The member '${place}.${by}' must be a type of data that jobs have, not '${String(written)}'.`,
    );
  const literal = members['value'];
  const text = isObject(literal) || Array.isArray(literal) ? JSON.stringify(literal) : pythonText(literal);
  return { ...members, [by]: type, ...(type === 'literal' ? { value: text } : {}) };
}

/** Where the output goes, as earlier versions of the service asked for it. */
function readOutputDataset(reader: BodyReader): Record<string, Json> {
  const place = reader.object('outputDataset');
  if (!place) return {};
  const datastore = place.text('datastoreId')?.split('/').at(-1) ?? 'workspaceblobstore';
  const uri = `azureml://datastores/${datastore}/paths/${place.text('path') ?? ''}`;
  return { score: { jobOutputType: 'uri_folder', uri } };
}

function pythonText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return value === undefined || value === null ? '' : String(value);
}

function uncapital(value: unknown): Json {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.charAt(0).toLowerCase() + name.slice(1), member]),
  );
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
