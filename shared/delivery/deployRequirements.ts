import type { AzureML } from '../azureml/index.ts';
import { Problem } from '../problem/index.ts';
import type { Opening } from '../rollout/opening.ts';
import { approvedEvidence, requireSameBytes, requireVerdict, type DeployEvidence } from './deployEvidence.ts';

/** What must be on record before a model is deployed. */
export type RequiredEvidence =
  | { readonly level: 'none' }
  | { readonly level: 'verdict' }
  /** The hashes an approver saw. */
  | { readonly level: 'exact'; readonly evidenceHash: string; readonly planHash: string };

export interface RequirementContext {
  readonly client: AzureML;
  readonly endpointName: string;
  readonly log: { info(line: string): void };
  readonly abortSignal: AbortSignal;
}

/** Refuses what the evidence does not allow, before anything is changed. Returns the evidence that is carried on. */
export async function requireEvidenceFor(
  required: RequiredEvidence,
  found: DeployEvidence | undefined,
  context: RequirementContext,
): Promise<DeployEvidence | undefined> {
  if (required.level === 'none') return found;
  const evidence = evidenceOrProblem(found);
  if (required.level === 'verdict') {
    requireVerdict(evidence);
    return evidence;
  }
  const { client, endpointName, log, abortSignal } = context;
  const { evidenceHash, planHash } = required;
  const approved = { evidenceHash, planHash, endpointName };
  const exact = await approvedEvidence(client, evidence, approved, { abortSignal });
  log.info('Comparing the bytes of every model file with those that were registered:');
  const onFile = ({ sha256, path }: { sha256: string; path: string }): void =>
    log.info(`  ${sha256}  ${path}`);
  await requireSameBytes(client, exact, { abortSignal, onFile });
  return exact;
}

/** What is done now must be what was approved; what an interrupted run left may be undone without being asked. */
export function requireApprovedPlan(required: RequiredEvidence, opening: Opening): void {
  if (required.level !== 'exact' || opening.is === 'leftover' || opening.is === 'busy') return;
  const planHash = opening.is === 'fresh' ? opening.plan.planHash : opening.record.planHash;
  if (planHash === required.planHash) return;
  throw new Problem({
    code: 'evidence',
    message: `What would be done now (plan ${planHash}) is not what was approved (plan ${required.planHash}): the endpoint, the files or the inputs have changed since.`,
    place: { input: 'planHash' },
    next: 'Run the plan step again and let the new plan be approved.',
  });
}

function evidenceOrProblem(evidence: DeployEvidence | undefined): DeployEvidence {
  if (evidence) return evidence;
  throw new Problem({
    code: 'evidence',
    message: 'Only a registered model version has evidence.',
    place: { input: 'model' },
    next: 'Register the model with RegisterModel and name its version.',
  });
}
