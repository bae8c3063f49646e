import { Problem } from '../../problem/index.ts';
import type { EndpointState } from '../../rollout/endpointState.ts';
import { makePlan, type Plan } from '../../rollout/plan.ts';
import { isOurs, recordOfTags, standingTags, type RolloutRecord } from '../../rollout/record.ts';
import { readSaved } from './deploymentWrites.ts';
import { observe } from './observe.ts';
import type { DeployRequest } from './request.ts';
import type { RolloutSetting } from './setting.ts';
import { describeBody } from './words.ts';

/** What a deploy would do now; nothing is changed. What an interrupted run left is taken for undone, as a deploy would do. */
export async function planDeploy(setting: RolloutSetting, request: DeployRequest): Promise<Plan> {
  const options = { abortSignal: setting.abortSignal };
  const state = (await observe(setting.client, setting.endpointName, options))?.state;
  const record = recordOfTags(state?.tags ?? {});
  if (!state || !record) return makePlan(state, request.wanted);
  if (record.phase === 'held') throw held(setting.endpointName, record);
  setting.log.warning(
    `A rollout of deployment '${record.deployment}' is open on endpoint '${state.name}'; this plan is made as if it were undone.`,
  );
  return makePlan(await undone(setting, state, record), request.wanted);
}

/** The endpoint as it was before the open rollout. */
async function undone(
  setting: RolloutSetting,
  state: EndpointState,
  record: RolloutRecord,
): Promise<EndpointState | undefined> {
  if (record.endpointMade) return undefined;
  const users = Object.fromEntries(Object.entries(state.tags).filter(([tag]) => !isOurs(tag)));
  const others = state.deployments.filter(({ name }) => name !== record.deployment);
  return {
    ...state,
    tags: { ...users, ...standingTags(state.tags) },
    traffic: record.before,
    deployments: [...others, ...(await before(setting, state, record))],
  };
}

async function before(
  setting: RolloutSetting,
  state: EndpointState,
  { deployment, change, saved }: RolloutRecord,
): Promise<EndpointState['deployments']> {
  const present = state.deployments.filter(({ name }) => name === deployment);
  if (change === 'none') return present;
  if (change !== 'update' || saved === undefined) return [];
  const body = await readSaved(setting, saved);
  if (!body) return present;
  const tags = (body['tags'] ?? {}) as Record<string, string>;
  return [
    { name: deployment, provisioningState: 'Succeeded', tags, specification: describeBody(body, tags) },
  ];
}

function held(endpoint: string, { deployment, since }: RolloutRecord): Problem {
  return new Problem({
    code: 'conflict',
    message: `A rollout of deployment '${deployment}' is held open on endpoint '${endpoint}' since ${since.toISOString()}.`,
    next: 'Run the action promote or rollback first.',
  });
}
