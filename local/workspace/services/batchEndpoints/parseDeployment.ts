import type { Json } from '../../server/bodies.ts';
import { BodyReader } from '../onlineEndpoints/bodyReader.ts';
import { optional } from '../onlineEndpoints/parseEndpoint.ts';
import type { StoredDeployment } from './documents.ts';
import { readTracked } from './parseEndpoint.ts';

/** What a PUT of a batch deployment asks for; the definition is as sent, with the service's defaults filled in. */
export type DeploymentRequest = Pick<
  StoredDeployment,
  'location' | 'tags' | 'kind' | 'sku' | 'identity' | 'properties' | 'definition'
>;

const READ_ONLY = ['provisioningState', 'properties'];
const MOST = 2_147_483_647;
/** The service's defaults, as the descriptions in its published types say. */
const DEFAULTS = {
  errorThreshold: -1,
  loggingLevel: 'Info',
  maxConcurrencyPerInstance: 1,
  miniBatchSize: 10,
  outputAction: 'AppendRow',
  outputFileName: 'predictions.csv',
};
const DEFAULT_RETRIES = { maxRetries: 3, timeout: 'PT30S' };

/** Reads a PUT body whose shape was checked; everything else wrong in it comes back in one error. */
export function parseDeployment(body: Json): DeploymentRequest {
  const reader = new BodyReader(body);
  const properties = reader.object('properties') ?? new BodyReader({}, 'properties');
  const tracked = readTracked(reader, properties);
  const definition = readDefinition(properties);
  reader.throwFaults();
  return { ...tracked, definition };
}

/** Tags and the description are all that PATCH changes in a batch deployment. */
export function parseDeploymentPatch(body: Json): {
  readonly tags?: Record<string, string>;
  readonly description?: string;
} {
  const reader = new BodyReader(body);
  const patch = {
    ...(reader.has('tags') ? { tags: reader.texts('tags') } : {}),
    ...optional('description', reader.object('properties')?.text('description')),
  };
  reader.throwFaults();
  return patch;
}

function readDefinition(reader: BodyReader): Json {
  const sent = Object.fromEntries(Object.entries(reader.raw()).filter(([name]) => !READ_ONLY.includes(name)));
  const loggingLevel = reader.word('loggingLevel', ['Info', 'Warning', 'Debug']);
  const outputAction = reader.word('outputAction', ['SummaryOnly', 'AppendRow']);
  const retries = reader.object('retrySettings');
  reader.integer('errorThreshold', -1, MOST);
  for (const count of ['maxConcurrencyPerInstance', 'miniBatchSize']) reader.integer(count, 1, MOST);
  reader.object('resources')?.integer('instanceCount', 1, MOST);
  retries?.integer('maxRetries', 0, MOST);
  retries?.duration('timeout');
  checkFileName(reader);
  return {
    ...DEFAULTS,
    ...sent,
    ...optional('loggingLevel', loggingLevel),
    ...optional('outputAction', outputAction),
    retrySettings: { ...DEFAULT_RETRIES, ...retries?.raw() },
    environmentVariables: reader.texts('environmentVariables'),
  };
}

/** The file is made in the folder of the output, nowhere else. */
function checkFileName(reader: BodyReader): void {
  const name = reader.text('outputFileName');
  if (name !== undefined && !/^[^/\\\0]{1,255}$/.test(name))
    reader.fault('outputFileName', `must be the name of a file, not '${name}'`);
  else if (name === '.' || name === '..') reader.fault('outputFileName', 'must be the name of a file');
}
