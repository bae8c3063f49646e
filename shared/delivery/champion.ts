import type { AzureML, Endpoint, ModelVersion } from '../azureml/index.ts';
import type { RecordedChampion } from '../evidence/index.ts';
import { Problem } from '../problem/index.ts';
import { lookUpModel, parseModelId, referenceTo } from './championModel.ts';

/** How the user says which model is in use. */
export type ChampionWish =
  | { readonly by: 'none' }
  | { readonly by: 'endpoint'; readonly endpointName: string }
  | {
      readonly by: 'tag';
      readonly modelName: string;
      readonly tag: string;
      readonly value: string | undefined;
    }
  | { readonly by: 'version'; readonly modelName: string; readonly version: string };

export interface Champion {
  readonly recorded: RecordedChampion;
  /** undefined: never registered, deleted since, or out of reach. */
  readonly version: ModelVersion | undefined;
}

interface LookUpOptions {
  readonly abortSignal: AbortSignal;
  /** Told why there is no champion, when there is none although one was asked for. */
  readonly onNone?: (sentence: string) => void;
}

/** The model in use now; undefined when there is none. */
export async function findChampion(
  client: AzureML,
  wish: ChampionWish,
  options: LookUpOptions,
): Promise<Champion | undefined> {
  switch (wish.by) {
    case 'none':
      return undefined;
    case 'endpoint':
      return byEndpoint(client, wish.endpointName, options);
    case 'tag':
      return byTag(client, wish, options);
    case 'version':
      return byVersion(client, wish, options);
  }
}

async function byEndpoint(
  client: AzureML,
  name: string,
  options: LookUpOptions,
): Promise<Champion | undefined> {
  const endpoint = await client.endpoints.get(name, options);
  if (!endpoint) return none(options, `The endpoint '${name}' does not exist yet.`);
  const busiest = busiestDeployment(endpoint);
  if (!busiest) return none(options, `No deployment of the endpoint '${name}' takes live traffic.`);
  const deployment = await client.endpoints.deployments.get(endpoint.name, busiest.name, options);
  // A container may bring its model with it: then the deployment is all there is to name.
  const id = deployment?.model ?? deployment?.id ?? `${endpoint.id}/deployments/${busiest.name}`;
  const { reference, jobName } = parseModelId(id);
  const version = deployment?.model === undefined ? undefined : await lookUpModel(client, reference, options);
  const trainedBy = version?.jobName ?? jobName;
  return {
    version,
    recorded: {
      model: deployment?.model === undefined ? { id } : reference,
      foundBy: 'endpoint',
      endpointName: endpoint.name,
      deploymentName: busiest.name,
      traffic: busiest.percent,
      ...(trainedBy && { jobName: trainedBy }),
    },
  };
}

/** Live traffic only: a mirrored deployment answers nobody. Two with the same most traffic are an error, not a choice. */
export function busiestDeployment(endpoint: Endpoint): { name: string; percent: number } | undefined {
  const shares = Object.entries(endpoint.traffic)
    .map(([name, percent]) => ({ name, percent }))
    .filter(({ percent }) => percent > 0)
    .sort((one, other) => other.percent - one.percent || (one.name < other.name ? -1 : 1));
  const [first, second] = shares;
  if (first && second && first.percent === second.percent) {
    const tied = shares.filter(({ percent }) => percent === first.percent).map(({ name }) => `'${name}'`);
    throw new Problem({
      code: 'conflict',
      message: `The endpoint '${endpoint.name}' has no single champion: ${tied.join(' and ')} take ${first.percent} % of the traffic each.`,
      next: "Promote one of them, or name the champion by version or tag with the input 'champion'.",
    });
  }
  return first;
}

async function byTag(
  client: AzureML,
  { modelName, tag, value }: Extract<ChampionWish, { by: 'tag' }>,
  options: LookUpOptions,
): Promise<Champion | undefined> {
  const tagged: ModelVersion[] = [];
  for await (const model of client.models.list(modelName, options)) {
    const found = Object.hasOwn(model.tags, tag) ? model.tags[tag] : undefined;
    if (found !== undefined && (value === undefined || found === value)) tagged.push(model);
  }
  const label = value === undefined ? tag : `${tag}=${value}`;
  const [champion, ...others] = tagged;
  if (!champion) return none(options, `No version of model '${modelName}' carries the tag '${label}'.`);
  if (others.length === 0) return registered(champion, 'tag');
  throw new Problem({
    code: 'conflict',
    message: `The versions ${tagged.map(({ version }) => version).join(', ')} of model '${modelName}' all carry the tag '${label}'; there can be one champion only.`,
    place: { input: 'championTag' },
    next: 'Take the tag off the versions that are no longer in use.',
  });
}

async function byVersion(
  client: AzureML,
  { modelName, version }: Extract<ChampionWish, { by: 'version' }>,
  options: LookUpOptions,
): Promise<Champion> {
  const model = await requireModel(client, { name: modelName, version, input: 'championVersion' }, options);
  return registered(model, 'version');
}

/** A model version by name and version, or `latest`; a Problem that lists what there is when there is no such version. */
export async function requireModel(
  client: AzureML,
  wanted: { readonly name: string; readonly version: string; readonly input: string },
  options: { readonly abortSignal: AbortSignal },
): Promise<ModelVersion> {
  const { name, version, input } = wanted;
  const found =
    version === 'latest'
      ? await client.models.latest(name, options)
      : await client.models.get(name, version, options);
  if (found) return found;
  const versions: string[] = [];
  for await (const model of client.models.list(name, options)) {
    if (versions.push(model.version) === 10) break;
  }
  throw new Problem({
    code: 'not-found',
    message:
      versions.length === 0
        ? `The workspace has no model '${name}'.`
        : `Model '${name}' has no version '${version}'; its newest versions are ${versions.join(', ')}.`,
    place: { input },
    next: 'Check the name and version, and that the service connection points at the workspace the model is registered in.',
  });
}

function registered(model: ModelVersion, foundBy: 'tag' | 'version'): Champion {
  const { jobName } = model;
  return { version: model, recorded: { model: referenceTo(model), foundBy, ...(jobName && { jobName }) } };
}

function none(options: LookUpOptions, sentence: string): undefined {
  options.onNone?.(sentence);
  return undefined;
}
