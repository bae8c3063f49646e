import { Problem } from '../../problem/index.ts';
import { recordOfTags } from '../../rollout/record.ts';
import { deleteDeployment } from './deploymentWrites.ts';
import { deleteEndpoint } from './endpointWrites.ts';
import { observe } from './observe.ts';
import type { Patience } from './patience.ts';
import type { RolloutSetting } from './setting.ts';

/** Deletes a deployment that takes no traffic, or the endpoint with everything in it. What is not there is deleted already. */
export async function remove(setting: RolloutSetting, deployment: string | undefined): Promise<string> {
  const { client, endpointName, log, abortSignal } = setting;
  const patience: Patience = { abortSignal, say: (line) => log.info(line) };
  const observed = await observe(client, endpointName, { abortSignal });
  if (!observed) return `There is no endpoint '${endpointName}'; nothing was deleted.`;
  if (deployment === undefined) {
    log.progress(10, `Deleting endpoint '${endpointName}'`);
    await deleteEndpoint(setting, undefined, patience);
    return `Endpoint '${endpointName}' is deleted, with its deployments.`;
  }
  const { traffic, tags, deployments } = observed.state;
  if (!deployments.some(({ name }) => name === deployment))
    return `Endpoint '${endpointName}' has no deployment '${deployment}'; nothing was deleted.`;
  const share = traffic.live[deployment] ?? traffic.mirror[deployment];
  if (share !== undefined) throw takesTraffic(deployment, share);
  if (recordOfTags(tags)?.deployment === deployment) throw isRolledOut(deployment);
  log.progress(10, `Deleting deployment '${deployment}'`);
  await deleteDeployment(setting, { deployment, madeBy: undefined }, patience);
  return `Deployment '${deployment}' of endpoint '${endpointName}' is deleted.`;
}

function takesTraffic(deployment: string, share: number): Problem {
  return new Problem({
    code: 'conflict',
    message: `Deployment '${deployment}' takes ${share} % of the traffic and is not deleted.`,
    place: { input: 'deploymentName' },
    next: 'Promote another deployment or roll back first.',
  });
}

function isRolledOut(deployment: string): Problem {
  return new Problem({
    code: 'conflict',
    message: `Deployment '${deployment}' belongs to a rollout that is open.`,
    place: { input: 'deploymentName' },
    next: 'Run the action rollback, which deletes it as well.',
  });
}
