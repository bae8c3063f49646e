import type { AzureML } from '../../shared/azureml/index.ts';
import {
  evidenceOfCandidate,
  findCandidate,
  recordJudgement,
  type Candidate,
} from '../../shared/delivery/candidate.ts';
import { findChampion, type Champion } from '../../shared/delivery/champion.ts';
import { judgeCandidate, type Measured } from '../../shared/delivery/judging.ts';
import { measureChampion, type Measurement } from '../../shared/delivery/measure.ts';
import { openWorkspace } from '../../shared/delivery/workspace.ts';
import { summaryMarkdown, summaryText, type Judged, type SealedRecord } from '../../shared/evidence/index.ts';
import {
  addAttachment,
  addSummary,
  createTaskLog,
  EVIDENCE_ATTACHMENT,
  lineage,
  setOutput,
  stepIdentity,
  type Lineage,
  type StepIdentity,
  type TaskLog,
  type TaskOutcome,
} from '../../shared/pipelines/index.ts';
import { Problem, throwIfAny } from '../../shared/problem/index.ts';
import type { EvaluateInputs } from './inputs.ts';

/** Everything the story needs from outside. */
export interface EvaluateServices {
  readonly client: AzureML;
  readonly log: TaskLog;
  readonly step: StepIdentity;
  readonly lineage: Lineage;
  readonly abortSignal: AbortSignal;
}

export function openServices(inputs: EvaluateInputs, abortSignal: AbortSignal): EvaluateServices {
  const log = createTaskLog();
  const client = openWorkspace(inputs.workspace, { task: 'EvaluateModel', log });
  return { client, log, step: stepIdentity(), lineage: lineage(), abortSignal };
}

/** Finds candidate and champion, measures both, judges by the policy, and writes down the answer. */
export async function evaluateModel(
  inputs: EvaluateInputs,
  services: EvaluateServices,
): Promise<TaskOutcome> {
  const { client, log, abortSignal } = services;
  const candidate = await findCandidate(client, inputs.candidate, { ...services, ...inputs });
  const champion = await findChampion(client, inputs.champion, {
    abortSignal,
    onNone: (sentence) => log.warning(`${sentence} The candidate is judged without a champion.`),
  });
  if (champion) log.info(`The champion is ${championName(champion)}.`);
  const { record, measurement } = await evidenceOfCandidate(client, candidate, { abortSignal });
  const measured = await measure(inputs, { candidate, measurement, champion }, services);
  const content = await judgeCandidate({
    read: inputs.policy,
    policyFile: inputs.policyFile,
    candidate,
    champion,
    measured,
    lineage: services.lineage,
  });
  const sealed = await recordJudgement(client, candidate, { record, content }, { abortSignal });
  report(content, sealed, log);
  return outcome(content, inputs.onNotBetter, log);
}

/** By one job for both, when there is one; else each by what its own training left behind. */
async function measure(
  inputs: EvaluateInputs,
  sides: { candidate: Candidate; measurement: Measurement; champion: Champion | undefined },
  services: EvaluateServices,
): Promise<Measured> {
  const { champion, measurement, candidate } = sides;
  const { client, abortSignal } = services;
  const known = champion && (await measureChampion(client, champion, { abortSignal }));
  if (inputs.evaluationJobFile === undefined) return { candidate: measurement, champion: known };
  // Compiling job files takes a while to load, and most evaluations do without.
  const { runEvaluationJob } = await import('../../shared/delivery/evaluationJob.ts');
  const result = await runEvaluationJob(
    {
      ...inputs,
      file: inputs.evaluationJobFile,
      candidate,
      champion,
      rowsMetric: inputs.policy.policy.rowsMetric,
    },
    services,
  );
  requireMeasured(inputs, result.candidate, result.job.name);
  const on = { inputs: [{ name: 'evaluation job', uri: result.job.id }] };
  const origin = 'evaluation-job';
  const url = result.job.studioUrl;
  return {
    candidate: { metrics: result.candidate, origin, on },
    champion: result.champion && { ...known, metrics: result.champion, origin, on },
    evaluationJob: { name: result.job.name, ...(url && { url }) },
  };
}

/** Said here, where the name is known under which the job should have logged the metric. */
function requireMeasured(
  { policy: { policy, placeOf } }: EvaluateInputs,
  found: Readonly<Record<string, number>>,
  job: string,
): void {
  const missing = policy.metrics.filter(({ name, blocking }) => blocking && !Object.hasOwn(found, name));
  throwIfAny(
    missing.map(({ name }) => {
      const place = placeOf(name);
      return new Problem({
        code: 'metric',
        message: `The evaluation job '${job}' logged no metric 'candidate_${name}', which the policy needs.`,
        ...(place && { place }),
        next: `Log 'candidate_${name}', and 'champion_${name}' for the champion, in the evaluation job.`,
      });
    }),
  );
}

function report(content: Judged, sealed: SealedRecord, log: TaskLog): void {
  log.info(summaryText(sealed));
  setOutput('verdict', content.verdict);
  setOutput('passed', String(content.passed));
  setOutput('championModel', content.champion?.model.name ?? content.champion?.model.id ?? '');
  setOutput('championVersion', content.champion?.model.version ?? '');
  setOutput('evidenceHash', sealed.hash);
  setOutput('reportPath', addSummary('model-evaluation', summaryMarkdown(sealed)));
  addAttachment(EVIDENCE_ATTACHMENT, `${sealed.hash}.json`, sealed.text);
}

/** A candidate that did not pass is a result: whether it ends the pipeline is the user's choice. */
function outcome(content: Judged, onNotBetter: EvaluateInputs['onNotBetter'], log: TaskLog): TaskOutcome {
  const message = `Verdict: ${content.verdict}, ${content.passed ? 'passed' : 'not passed'}. ${content.reason}`;
  if (content.passed || onNotBetter === 'continue') return { result: 'Succeeded', message };
  if (onNotBetter === 'fail') return { result: 'Failed', message };
  log.warning(message);
  return { result: 'SucceededWithIssues', message };
}

function championName({ recorded: { model, deploymentName, endpointName } }: Champion): string {
  const name = model.name === undefined ? model.id : `${model.name}:${model.version}`;
  return endpointName === undefined
    ? name
    : `${name}, deployment '${deploymentName}' of endpoint '${endpointName}'`;
}
