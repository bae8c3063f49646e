import { Problem } from '../../problem/index.ts';
import type { LocalVersion } from '../yaml/index.ts';
import { textAt } from './answers.ts';
import { ANONYMOUS_ENVIRONMENT, anonymousModelName, componentHash, environmentVersion } from './anonymous.ts';
import type { SendingContext } from './context.ts';

export interface VersionBody {
  readonly properties: Readonly<Record<string, unknown>>;
}

interface NameAndVersion {
  readonly name: string;
  readonly version: string;
}

/** Creates an asset that another file describes; answers with the ARM id of its version. */
export async function sendVersion(path: string, body: unknown, context: SendingContext): Promise<string> {
  return textAt(await context.services.arm.put(path, body, context.call()), 'id');
}

/** What an asset is called: as its file says, counted on by the service, or after what it consists of. */
export async function nameVersion(
  asset: LocalVersion,
  content: { readonly body: VersionBody; readonly filesHash: string | undefined },
  context: SendingContext,
): Promise<NameAndVersion> {
  if (asset.name === undefined) return anonymousName(asset, content);
  return { name: asset.name, version: asset.version ?? (await nextVersion(asset.type, asset.name, context)) };
}

/** Anonymous assets are named after what they consist of, so that the same one is created only once. */
function anonymousName(
  asset: LocalVersion,
  { body, filesHash }: { readonly body: VersionBody; readonly filesHash: string | undefined },
): NameAndVersion {
  const { properties } = body;
  switch (asset.type) {
    case 'components':
      return { name: 'azureml_anonymous', version: anonymousComponent(properties) };
    case 'environments':
      return { name: ANONYMOUS_ENVIRONMENT, version: anonymousEnvironment(properties, filesHash) };
    case 'models':
      return { name: anonymousModelName(filesHash ?? ''), version: '1' };
    case 'data':
      throw new Problem({ code: 'internal', message: 'A data asset has no name.', place: asset.place });
  }
}

function anonymousComponent(properties: Readonly<Record<string, unknown>>): string {
  return componentHash(mapAt(properties, 'componentSpec') ?? {}, ['name', 'id', 'version', '_source']);
}

function anonymousEnvironment(
  properties: Readonly<Record<string, unknown>>,
  buildHash: string | undefined,
): string {
  return environmentVersion({
    image: maybeText(properties['image']),
    condaFile: maybeText(properties['condaFile']),
    inferenceConfig: mapAt(properties, 'inferenceConfig'),
    buildHash,
    dockerfilePath: maybeText(mapAt(properties, 'build')?.['dockerfilePath']),
  });
}

function maybeText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function mapAt(
  map: Readonly<Record<string, unknown>>,
  key: string,
): Readonly<Record<string, unknown>> | undefined {
  const value = map[key];
  return value !== null && typeof value === 'object'
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

/** The version after the last one, which the service keeps on the container; 1 where there is none yet. */
async function nextVersion(type: string, name: string, context: SendingContext): Promise<string> {
  const container = await context.services.arm.get(`${type}/${name}`, context.call());
  if (container === undefined) return '1';
  const properties = mapAt(container as Readonly<Record<string, unknown>>, 'properties');
  const next = properties?.['nextVersion'];
  if (typeof next === 'string' && next !== '') return next;
  throw new Problem({
    code: 'input',
    message: `The versions of '${name}' are not counted by the service, so the next one is not known.`,
    next: "Give a 'version'.",
  });
}
