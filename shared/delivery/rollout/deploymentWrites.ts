import { createHash } from 'node:crypto';
import type { Deployment } from '../../azureml/index.ts';
import { messageOf, Problem } from '../../problem/index.ts';
import { hasSucceeded } from '../../rollout/endpointState.ts';
import { ROLLOUT_TAG, SPECIFICATION_TAG } from '../../rollout/plan.ts';
import { without } from '../../rollout/json.ts';
import type { DeploymentChange } from '../../rollout/record.ts';
import type { RequestOptions } from '../../azureml/index.ts';
import { despiteConflicts, untilSettled, type Patience } from './patience.ts';
import type { DeployRequest } from './request.ts';
import type { RolloutSetting } from './setting.ts';

type Body = Readonly<Record<string, unknown>>;

export interface Preparation {
  readonly deployment: string;
  readonly change: DeploymentChange;
  /** Hash of the rollout it is made by. */
  readonly rollout: string;
  /** Hash of the wanted specification. */
  readonly specification: string;
  readonly onState: (state: string, percent: number | undefined) => void;
}

/** What a run that was interrupted may have left: at most one deployment that failed. */
const MOST_TRIES = 2;

/** Makes the deployment what is wanted and waits until it is healthy. Whatever an interrupted run left is taken up. */
export async function prepareDeployment(
  setting: RolloutSetting,
  preparation: Preparation,
  patience: Patience,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const present = await settled(setting, preparation.deployment, patience);
    if (present && isAsWanted(present, preparation)) return;
    if (present) await makeWay(setting, present, preparation, patience);
    try {
      return await put(setting, preparation, patience);
    } catch (error) {
      if (attempt >= MOST_TRIES || !isUnrecoverable(error)) throw error;
      patience.say('The service cannot repair this deployment; it is deleted and made again.');
      await deleteDeployment(setting, { deployment: preparation.deployment, madeBy: undefined }, patience);
    }
  }
}

function isAsWanted(present: Deployment, { specification }: Preparation): boolean {
  return hasSucceeded(present.provisioningState) && present.tags[SPECIFICATION_TAG] === specification;
}

/** A deployment that was not there when the rollout was planned belongs to somebody else; one that failed has to go. */
async function makeWay(
  setting: RolloutSetting,
  present: Deployment,
  { deployment, change, rollout }: Preparation,
  patience: Patience,
): Promise<void> {
  const isOurs = present.tags[ROLLOUT_TAG] === rollout;
  if (change === 'create' && !isOurs)
    throw new Problem({
      code: 'conflict',
      message: `Somebody else made a deployment '${deployment}' on the endpoint meanwhile.`,
      next: 'Run the deploy again; it plans with what is there now.',
    });
  if (change !== 'update' && !hasSucceeded(present.provisioningState))
    await deleteDeployment(setting, { deployment, madeBy: undefined }, patience);
}

async function put(setting: RolloutSetting, preparation: Preparation, patience: Patience): Promise<void> {
  const { client, endpointName, request } = setting;
  if (!request) throw new Error('There is no request to make a deployment from.');
  const body = await taggedBody(request, preparation);
  const options = { ...abortOf(patience), onState: preparation.onState };
  const what = `Deployment '${preparation.deployment}'`;
  const made = await despiteConflicts(
    what,
    () => client.endpoints.deployments.put(endpointName, preparation.deployment, body, options),
    patience,
  );
  if (!hasSucceeded(made.provisioningState))
    throw new Problem({ code: 'deployment', message: `${what} ended as ${made.provisioningState}.` });
}

async function taggedBody(request: DeployRequest, { rollout, specification }: Preparation): Promise<Body> {
  const body = await request.deploymentBody();
  const own = { [SPECIFICATION_TAG]: specification, [ROLLOUT_TAG]: rollout };
  return { ...body, tags: { ...((body['tags'] ?? {}) as object), ...request.localTags, ...own } };
}

/** "Specified deployment [x] failed during initial provisioning and is in an unrecoverable state. Delete and re-create." */
function isUnrecoverable(error: unknown): boolean {
  return /unrecoverable state/i.test(messageOf(error));
}

/** Deletes a deployment; with `madeBy` only when that rollout made it. */
export async function deleteDeployment(
  setting: RolloutSetting,
  { deployment, madeBy }: { deployment: string; madeBy: string | undefined },
  patience: Patience,
): Promise<void> {
  const { client, endpointName } = setting;
  await despiteConflicts(
    `Deleting deployment '${deployment}'`,
    async () => {
      const present = await settled(setting, deployment, patience);
      if (!present || (madeBy !== undefined && present.tags[ROLLOUT_TAG] !== madeBy)) return;
      await client.endpoints.deployments.delete(endpointName, deployment, abortOf(patience));
    },
    patience,
  );
}

function settled(setting: RolloutSetting, name: string, patience: Patience): Promise<Deployment | undefined> {
  const { client, endpointName } = setting;
  return untilSettled(
    `deployment '${name}'`,
    () => client.endpoints.deployments.get(endpointName, name, abortOf(patience)),
    patience,
  );
}

/** Keeps a deployment's body in the workspace's blob store, under its own hash, so that an update can be undone. */
export async function saveDeployment(
  setting: RolloutSetting,
  name: string,
  patience: Patience,
): Promise<string> {
  const present = await settled(setting, name, patience);
  if (!present)
    throw new Problem({
      code: 'conflict',
      message: `The deployment '${name}' is gone.`,
      next: 'Run the deploy again; it plans with what is there now.',
    });
  const content = Buffer.from(JSON.stringify(writable(present.raw)));
  const hash = createHash('sha256').update(content).digest('hex');
  await setting.client.blobs.write(placeOf(setting, hash), content, 'application/json', abortOf(patience));
  return hash;
}

/** Gives a deployment the form back it had before this rollout changed it. */
export async function restoreDeployment(
  setting: RolloutSetting,
  { deployment, saved, rollout }: { deployment: string; saved: string; rollout: string },
  patience: Patience,
): Promise<void> {
  const present = await settled(setting, deployment, patience);
  if (present && present.tags[ROLLOUT_TAG] !== rollout) return;
  const body = await readSaved(setting, saved);
  if (!body) throw lost(deployment, saved);
  const { endpoints } = setting.client;
  await despiteConflicts(
    `Restoring deployment '${deployment}'`,
    () => endpoints.deployments.put(setting.endpointName, deployment, body, abortOf(patience)),
    patience,
  );
}

/** The body that was saved under this hash; undefined when it is gone or changed. */
export async function readSaved(setting: RolloutSetting, saved: string): Promise<Body | undefined> {
  const content = await setting.client.blobs.read(placeOf(setting, saved));
  if (!content || createHash('sha256').update(content).digest('hex') !== saved) return undefined;
  return JSON.parse(content.toString('utf8')) as Body;
}

function lost(deployment: string, saved: string): Problem {
  return new Problem({
    code: 'rollout',
    message: `The earlier form of deployment '${deployment}' is not in the workspace's blob store any more (${saved}).`,
    next: 'Deploy the earlier model version again.',
  });
}

function placeOf(setting: RolloutSetting, hash: string): { datastore: string; path: string } {
  return { datastore: 'workspaceblobstore', path: `rollout/${setting.endpointName}/${hash}.json` };
}

/** The body as it can be sent back. */
function writable(raw: Body): Body {
  const members = Object.entries(raw).filter(
    ([name, value]) => ['location', 'identity', 'kind', 'sku', 'tags'].includes(name) && value !== null,
  );
  const properties = without((raw['properties'] ?? {}) as Body, ['provisioningState', 'properties']);
  return { ...Object.fromEntries(members), properties };
}

function abortOf({ abortSignal }: Patience): RequestOptions {
  return abortSignal ? { abortSignal } : {};
}
