import type { AzureML } from '../azureml/index.ts';
import type { Approver, BuildLineage, Deployed, SealedRecord } from '../evidence/index.ts';
import type { Approval, Lineage } from '../pipelines/index.ts';
import { messageOf } from '../problem/index.ts';
import type { Plan } from '../rollout/plan.ts';
import { deployedOfTags } from '../rollout/record.ts';
import { busiest } from '../rollout/traffic.ts';
import { isRecorded, keepLinks, plannedLink, type DeployEvidence } from './deployEvidence.ts';
import type { RolloutFailed, RolloutOutcome } from './rollout/carryOut.ts';
import { observe } from './rollout/observe.ts';

/** What writing a deploy into the evidence needs. */
export interface DeployRecording {
  readonly client: AzureML;
  readonly endpointName: string;
  /** undefined: the model is no registered version, so nothing is recorded. */
  readonly evidence: DeployEvidence | undefined;
  readonly lineage: Lineage;
  readonly approvals: () => Promise<readonly Approval[]>;
  readonly log: { warning(line: string): void; debug(line: string): void };
  readonly now: () => Date;
  readonly abortSignal: AbortSignal;
}

/** Adds the planned link: what an approver is going to see. */
export async function recordPlan(recording: DeployRecording, plan: Plan): Promise<SealedRecord | undefined> {
  const { client, evidence, now, lineage, abortSignal } = recording;
  if (!evidence) return undefined;
  const planned = plannedLink(plan, evidence, buildOf(lineage));
  return keepLinks(client, evidence, { planned, at: now() }, { abortSignal });
}

/** Adds the deployed link, unless the record tells of it already: a run that had nothing to do changes nothing. */
export async function recordDeploy(
  recording: DeployRecording,
  outcome: RolloutOutcome,
  plan: Plan | undefined,
): Promise<SealedRecord | undefined> {
  const { client, evidence, endpointName, now, abortSignal } = recording;
  if (!evidence) return undefined;
  const { planHash } = outcome;
  if (outcome.end === 'nothing-to-do' && isRecorded(evidence.record, { endpointName, planHash }))
    return keepLinks(client, evidence, { at: now() }, { abortSignal });
  return keep(recording, { ...outcome, result: 'succeeded', reason: outcome.words }, plan);
}

/** Tells of a deploy that failed, as far as storage can be reached; the failure itself matters more. */
export async function recordFailure(
  recording: DeployRecording,
  failed: RolloutFailed,
  plan: Plan | undefined,
): Promise<SealedRecord | undefined> {
  const result = failed.isUndone ? 'rolled-back' : 'failed';
  if (recording.abortSignal.aborted) return undefined;
  try {
    return await keep(recording, { ...failed, result, reason: messageOf(failed.cause) }, plan);
  } catch (error) {
    recording.log.warning(`The failure could not be added to the evidence: ${messageOf(error)}`);
    return undefined;
  }
}

type Done = Pick<RolloutOutcome, 'journal' | 'deployment' | 'planHash'> &
  Pick<Deployed, 'result'> & { reason: string };

async function keep(
  recording: DeployRecording,
  done: Done,
  plan: Plan | undefined,
): Promise<SealedRecord | undefined> {
  const { client, evidence, lineage, now, abortSignal } = recording;
  if (!evidence) return undefined;
  const build = buildOf(lineage);
  const planned = plan && !plan.isDone ? plannedLink(plan, evidence, build) : undefined;
  const deployed = { ...(await deployedLink(recording, evidence, done)), build };
  return keepLinks(client, evidence, { ...(planned && { planned }), deployed, at: now() }, { abortSignal });
}

async function deployedLink(
  recording: DeployRecording,
  evidence: DeployEvidence,
  { journal, deployment, planHash, result, reason }: Done,
): Promise<Deployed> {
  const { client, endpointName, abortSignal } = recording;
  const observed = await observe(client, endpointName, { abortSignal });
  const previous = deployedOfTags(observed?.state.tags ?? {})?.previous;
  const before = previous && busiest(previous.live);
  const scoringUri = observed?.endpoint.scoringUri;
  return {
    endpointName,
    deploymentName: deployment,
    action: 'deploy',
    model: evidence.model,
    planHash,
    approver: await approverOf(recording),
    trafficChanges: journal.trafficChanges,
    probes: journal.allProbes,
    ...(before !== undefined && { previousDeployment: before }),
    ...(scoringUri !== undefined && { scoringUri }),
    result,
    reason,
  };
}

/** Not knowing who approved is no failure: the job's token may not be allowed to read approvals. */
async function approverOf({ approvals, log }: DeployRecording): Promise<Approver> {
  try {
    const all = await approvals();
    const last = all.at(-1);
    if (!last) return { known: false };
    const name = all.map((approval) => approval.name).join(', ');
    return {
      known: true,
      name,
      ...(last.at && { at: last.at }),
      ...(last.comment && { comment: last.comment }),
    };
  } catch (error) {
    log.debug(`Who approved is not known: ${messageOf(error)}`);
    return { known: false };
  }
}

function buildOf({ pipeline, runId, runName, runUrl, reason, requestedFor }: Lineage): BuildLineage {
  const all = { pipeline, runId, runName, runUrl, reason, requestedFor };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value));
}
