import type { Endpoint } from '../../azureml/index.ts';
import { Problem } from '../../problem/index.ts';
import type { PutEndpoint } from '../../rollout/effects.ts';
import { without } from '../../rollout/json.ts';
import { isMadeBy, isOurs } from '../../rollout/record.ts';
import {
  NO_TRAFFIC,
  sameSplit,
  tidyTraffic,
  wordsOfTraffic,
  type TrafficSplit,
} from '../../rollout/traffic.ts';
import { despiteConflicts, untilSettled, type Patience } from './patience.ts';
import type { RolloutSetting } from './setting.ts';

type Body = Readonly<Record<string, unknown>>;

/** Somebody moved traffic between two steps of a rollout. */
export class Drift extends Error {
  readonly found: TrafficSplit;
  readonly problem: Problem;
  constructor(endpoint: string, expected: TrafficSplit, found: TrafficSplit) {
    super('The traffic was changed by somebody else.');
    this.found = found;
    this.problem = new Problem({
      code: 'rollout',
      message: `Somebody else changed the traffic of endpoint '${endpoint}' during the rollout: expected ${wordsOfTraffic(expected.live)}, found ${wordsOfTraffic(found.live)}. It was left as they set it.`,
      next: 'Agree on who moves the traffic, then run the deploy again.',
    });
  }
}

/**
 * Writes traffic, tags and, where asked, settings in one request; what is written already is not written again.
 * Returns the traffic before.
 */
export async function putEndpoint(
  setting: RolloutSetting,
  effect: PutEndpoint,
  patience: Patience,
): Promise<TrafficSplit> {
  const { client, endpointName } = setting;
  const options = patience.abortSignal ? { abortSignal: patience.abortSignal } : {};
  const what = `endpoint '${endpointName}'`;
  return despiteConflicts(
    `Writing ${what}`,
    async () => {
      const current = await untilSettled(what, () => client.endpoints.get(endpointName, options), patience);
      const before = current ? splitOf(current) : NO_TRAFFIC;
      if (current) refuseDrift(endpointName, effect, before);
      const body = await bodyFor(setting, effect, current);
      if (!current || !isWritten(current, body, effect))
        await client.endpoints.put(endpointName, body, options);
      return before;
    },
    patience,
  );
}

function refuseDrift(endpoint: string, { expected, split }: PutEndpoint, found: TrafficSplit): void {
  if (expected === undefined || sameSplit(found, expected) || sameSplit(found, split)) return;
  throw new Drift(endpoint, expected, found);
}

function splitOf(endpoint: Endpoint): TrafficSplit {
  return { live: tidyTraffic(endpoint.traffic), mirror: tidyTraffic(endpoint.mirrorTraffic) };
}

/** An undo that was interrupted asks for what stands already; a healthy endpoint needs no second write then. */
function isWritten(current: Endpoint, body: Body, { split, settings }: PutEndpoint): boolean {
  const tags = (body['tags'] ?? {}) as Record<string, string>;
  const sameTags =
    Object.keys(tags).length === Object.keys(current.tags).length &&
    Object.entries(tags).every(([name, value]) => current.tags[name] === value);
  return (
    !settings &&
    sameTags &&
    sameSplit(splitOf(current), split) &&
    current.provisioningState.toLowerCase() === 'succeeded'
  );
}

async function bodyFor(
  setting: RolloutSetting,
  effect: PutEndpoint,
  current: Endpoint | undefined,
): Promise<Body> {
  const wanted = effect.settings ? await setting.request?.endpointBody() : undefined;
  if (!current) return withTags((wanted ?? (await defaultBody(setting))) as Body, effect.tags);
  const kept = writable(current.raw);
  const properties = {
    ...(kept['properties'] as Body),
    ...withoutTraffic(wanted?.['properties']),
    traffic: effect.split.live,
    mirrorTraffic: effect.split.mirror,
  };
  const tags = { ...notOurs(current.tags), ...((wanted?.['tags'] ?? {}) as object), ...effect.tags };
  return { ...kept, ...(wanted?.['identity'] ? { identity: wanted['identity'] } : {}), tags, properties };
}

/** A new endpoint has no deployments yet, so it takes no traffic whatever the file says. */
function withTags(wanted: Body, tags: Readonly<Record<string, string>>): Body {
  const properties = withoutTraffic(wanted['properties']);
  return { ...wanted, properties, tags: { ...((wanted['tags'] ?? {}) as object), ...tags } };
}

async function defaultBody({ client }: RolloutSetting): Promise<Body> {
  const { location } = await client.workspace.get();
  return { location, identity: { type: 'SystemAssigned' }, properties: { authMode: 'Key' } };
}

function withoutTraffic(properties: unknown): Body {
  return without((properties ?? {}) as Body, ['traffic', 'mirrorTraffic']);
}

/** The body as it can be sent back: what only the service writes is left out. */
function writable(raw: Body): Body {
  const members = Object.entries(raw).filter(
    ([name, value]) => ['location', 'identity', 'kind', 'sku'].includes(name) && value !== null,
  );
  const properties = (raw['properties'] ?? {}) as Body;
  const own = without((properties['properties'] ?? {}) as Body, ['AzureAsyncOperationUri']);
  const settable = without(properties, ['provisioningState', 'scoringUri', 'swaggerUri', 'properties']);
  return { ...Object.fromEntries(members), properties: { ...settable, properties: own } };
}

function notOurs(tags: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).filter(([name]) => !isOurs(name)));
}

/** Deletes an endpoint that this rollout created, with everything in it. */
export async function deleteEndpoint(
  setting: RolloutSetting,
  madeBy: string | undefined,
  patience: Patience,
): Promise<void> {
  const { client, endpointName } = setting;
  const what = `endpoint '${endpointName}'`;
  await despiteConflicts(
    `Deleting ${what}`,
    async () => {
      const current = await untilSettled(what, () => client.endpoints.get(endpointName), patience);
      if (!current || (madeBy !== undefined && !isMadeBy(current.tags, madeBy))) return;
      for (const { name } of await client.endpoints.deployments.list(endpointName))
        await untilSettled(
          `deployment '${name}'`,
          () => client.endpoints.deployments.get(endpointName, name),
          patience,
        );
      await client.endpoints.delete(endpointName);
    },
    patience,
  );
}
