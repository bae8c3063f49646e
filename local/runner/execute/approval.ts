import { randomUUID } from 'node:crypto';
import { expandMacros } from '../agent/variables/macros.ts';
import type { ApprovalQuestion } from '../approvals/decide.ts';
import type { StagePlan } from '../plan.ts';
import type { ApprovalRecord, StageRecord } from '../record/model.ts';
import type { RunContext } from './context.ts';
import type { Environment } from './options.ts';
import type { EvaluatedVariable } from './variables.ts';

export type StageGate = 'open' | 'waiting' | 'rejected' | 'canceled';

/** The environment a deployment names, its macros resolved from pipeline and stage variables. */
export function environmentName(text: string, variables: readonly EvaluatedVariable[]): string {
  const known = new Map(variables.map((one) => [one.name.toLowerCase(), one.value]));
  return expandMacros(text, (name) => known.get(name.toLowerCase())).trim();
}

/** Approvals belong to environments and hold the whole stage that deploys to them, as checks do on the service. */
export function approvalsOf(
  stage: StagePlan,
  variables: readonly EvaluatedVariable[],
  environments: readonly Environment[],
): Environment[] {
  const wanted = stage.jobs.flatMap((job) =>
    job.kind === 'deployment' && job.environment ? [environmentName(job.environment.text, variables)] : [],
  );
  const names = new Set(wanted.map((one) => one.toLowerCase()));
  return environments.filter((one) => one.approval !== undefined && names.has(one.name.toLowerCase()));
}

/** Asks for every approval a stage needs; each is recorded before it is asked, and its answer at once. */
export async function passGate(
  wanted: readonly Environment[],
  { plan, record }: { readonly plan: StagePlan; readonly record: StageRecord },
  context: RunContext,
): Promise<StageGate> {
  const approvals = wanted.map((environment) => recordFor(environment, record, context));
  const gates: StageGate[] = [];
  const readsFrom = stagesReadFrom(plan);
  for (const approval of approvals)
    gates.push(await answer({ run: context.recorder.run, stage: record, approval, readsFrom }, context));
  const first = (['rejected', 'canceled', 'waiting'] as const).find((gate) => gates.includes(gate));
  return first ?? 'open';
}

/** A continued run finds the approval it waited for. */
function recordFor(
  environment: Environment,
  stage: StageRecord,
  { recorder, clock }: RunContext,
): ApprovalRecord {
  const known = stage.approvals.find(
    (one) => one.environment.toLowerCase() === environment.name.toLowerCase(),
  );
  if (known) return known;
  const approval: ApprovalRecord = {
    id: randomUUID(),
    environment: environment.name,
    ...(environment.approval?.instructions && { instructions: environment.approval.instructions }),
    approvers: environment.approval?.approvers ?? [],
    status: 'pending',
    createdOn: clock.now().toISOString(),
  };
  stage.approvals.push(approval);
  stage.state = 'waiting';
  recorder.tell.stage(stage);
  recorder.save();
  return approval;
}

/** The stages before this one whose outputs its variables and condition name. */
function stagesReadFrom({ dependsOn, variables, condition }: StagePlan): string[] {
  const texts = [...variables.values()].map(({ value }) => value.text).concat(condition?.text ?? []);
  return dependsOn.filter((name) =>
    texts.some((text) => new RegExp(`ependencies(\\.|\\[')${name}\\b`, 'i').test(text)),
  );
}

async function answer(question: ApprovalQuestion, context: RunContext): Promise<StageGate> {
  const { approval, stage } = question;
  if (approval.status === 'approved') return 'open';
  if (approval.status === 'rejected') return 'rejected';
  const { recorder, clock, decide } = context;
  const decision = await decide(question);
  if (!decision) return 'waiting';
  approval.status = decision.status;
  approval.decidedOn = clock.now().toISOString();
  if (decision.status !== 'canceled') {
    approval.decidedBy = decision.by;
    if (decision.comment !== undefined) approval.comment = decision.comment;
  }
  recorder.tell.stage(stage);
  recorder.save();
  return decision.status === 'approved' ? 'open' : decision.status;
}
