import type { AzureML } from '../azureml/index.ts';
import type { Approver, BuildLineage, Deployed, EvidenceRecord, SealedRecord } from '../evidence/index.ts';
import type { Approval, Lineage } from '../pipelines/index.ts';
import { messageOf, Problem } from '../problem/index.ts';
import type { Plan } from '../rollout/plan.ts';
import { deployedOfTags } from '../rollout/record.ts';
import { busiest } from '../rollout/traffic.ts';
import { parseModelId } from './championModel.ts';
import {
  findDeployEvidence,
  isRecorded,
  keepLinks,
  plannedLink,
  type DeployEvidence,
} from './deployEvidence.ts';
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

/**
 * Adds the deployed link. Where evidence is required, storage that is out of reach fails the step although the rollout
 * succeeded: the next run has nothing else to do and writes the link.
 */
export async function recordDeploy(
  recording: DeployRecording,
  outcome: RolloutOutcome,
  { plan, isRequired }: { readonly plan: Plan | undefined; readonly isRequired: boolean },
): Promise<SealedRecord | undefined> {
  try {
    return await addDeployed(recording, outcome, plan);
  } catch (error) {
    if (isRequired || !isOutOfReach(error)) throw error;
    recording.log.warning(`The deployment could not be added to the evidence: ${messageOf(error)}`);
    return undefined;
  }
}

/** Evidence that cannot be read or written, or is not what it says. */
export function isOutOfReach(error: unknown): boolean {
  return error instanceof Problem && (error.code === 'storage' || error.code === 'evidence');
}

/** A record that tells of this rollout already stays as it is, unless somebody approved it anew. */
async function addDeployed(
  recording: DeployRecording,
  outcome: RolloutOutcome,
  plan: Plan | undefined,
): Promise<SealedRecord | undefined> {
  const { client, evidence, endpointName, now, abortSignal } = recording;
  if (!evidence) return undefined;
  const { planHash } = outcome;
  const isKnown = outcome.end === 'nothing-to-do' && isRecorded(evidence.record, { endpointName, planHash });
  if (isKnown && !isNewApproval(await approverOf(recording), evidence.record))
    return keepLinks(client, evidence, { at: now() }, { abortSignal });
  return keep(recording, { ...outcome, result: 'succeeded', reason: outcome.words }, plan);
}

/** An approval is known by who gave it, and when. */
function isNewApproval(approver: Approver, { links }: EvidenceRecord): boolean {
  return (
    approver.known &&
    !links.some(
      ({ kind, content }) =>
        kind === 'deployed' &&
        content.approver.known &&
        content.approver.name === approver.name &&
        content.approver.at === approver.at,
    )
  );
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

/** Tells of a promote or a rollback in the record of the model that was moved. That it cannot be told is no failure. */
export async function recordTurn(
  recording: DeployRecording,
  turn: { readonly action: string; readonly outcome: RolloutOutcome; readonly model: string | undefined },
): Promise<SealedRecord | undefined> {
  const { client, abortSignal, log } = recording;
  const { action, outcome, model } = turn;
  if (outcome.end === 'nothing-to-do' || model === undefined) return undefined;
  try {
    const evidence = await findDeployEvidence(client, parseModelId(model).reference, { abortSignal });
    const result = outcome.end === 'undone' ? 'rolled-back' : 'succeeded';
    return await keep(
      { ...recording, evidence },
      { ...outcome, action, result, reason: outcome.words },
      undefined,
    );
  } catch (error) {
    log.warning(`The ${action} could not be added to the evidence: ${messageOf(error)}`);
    return undefined;
  }
}

type Done = Pick<RolloutOutcome, 'journal' | 'deployment' | 'planHash'> &
  Pick<Deployed, 'result'> & { reason: string; action?: string };

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
  { journal, deployment, planHash, result, reason, action = 'deploy' }: Done,
): Promise<Deployed> {
  const { client, endpointName, abortSignal } = recording;
  const observed = await observe(client, endpointName, { abortSignal });
  const previous = deployedOfTags(observed?.state.tags ?? {})?.previous;
  const before = previous && busiest(previous.live);
  const scoringUri = observed?.endpoint.scoringUri;
  return {
    endpointName,
    deploymentName: deployment,
    action,
    model: evidence.model,
    ...(planHash !== '' && { planHash }),
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
