import type { ServerTaskEnd } from '../../server/task.ts';
import { traceJob } from '../../record/jobTraces.ts';
import type { GatesRecord, JobRecord, SampleRecord, StageRecord } from '../../record/model.ts';
import { markFinished, markStarted, recordResult } from '../../record/recorder.ts';
import { createVariables } from '../../agent/variables/variables.ts';
import type { GatePlan, GatesPlan, ReleaseStagePlan } from '../plan.ts';
import type { CheckEnd, Side } from './approvals.ts';
import { nextNumber, type ReleaseContext } from './context.ts';
import { newServerJob, openServerJob } from './serverJob.ts';
import {
  executeOnServer,
  serverStepInfo,
  setStepVariables,
  type ServerJob,
  type ServerStep,
} from '../../server/steps.ts';
import { snapshot } from './variables.ts';

const MINUTE_IN_MS = 60_000;

interface RunningGate {
  readonly plan: GatePlan;
  readonly steps: readonly ServerStep[];
}

/** `told`: the line each step said last. */
type GateJob = ServerJob & { readonly told: Map<ServerStep, string> };

interface Sampling {
  readonly plan: GatesPlan;
  readonly record: GatesRecord;
  readonly gates: readonly RunningGate[];
  readonly job: GateJob;
  readonly context: ReleaseContext;
}

/** Samples all gates of one side together until they are green long enough, or the time is up. */
export async function passGates(
  stage: ReleaseStagePlan,
  when: Side,
  stageRecord: StageRecord,
  context: ReleaseContext,
): Promise<CheckEnd> {
  const plan = stage[when].gates;
  const known = stageRecord.gates?.find((one) => one.when === when && one.status === 'succeeded');
  if (!plan || known) return 'open';
  const { recorder, interrupts, time } = context;
  const job = newServerJob('gates', `Gates_${when}`, `Gates ${when} the deployment`);
  stageRecord.jobs.push(job);
  const record = newRecord(when, job, stageRecord, context);
  const phase = { refName: job.name, name: job.displayName };
  const own = snapshot(stage, context);
  const open = openServerJob(
    { stage, stageRecord, job, phase, hub: 'gates', timeoutInMinutes: plan.timeout, own },
    context,
  );
  const intervene = (): Promise<ServerTaskEnd> => Promise.resolve({ result: 'Failed', message: NO_GATE });
  const serverJob: GateJob = { ...open, told: new Map(), signal: interrupts.cancel, use: 'gate', intervene };
  const gates = gatesOf(plan, stageRecord, job, serverJob, context);
  markStarted(job, time);
  job.state = 'inProgress';
  recorder.tell.job(stageRecord, job);
  try {
    record.status = await sampleUntilSteady({ plan, record, gates, job: serverJob, context });
  } finally {
    open.end();
    close(gates, record, job, context);
    recorder.tell.job(stageRecord, job);
    recorder.save();
  }
  return ENDS[record.status] ?? 'rejected';
}

const NO_GATE = 'A manual intervention cannot be a gate.';

const ENDS: Readonly<Partial<Record<GatesRecord['status'], CheckEnd>>> = {
  succeeded: 'open',
  canceled: 'canceled',
};

function newRecord(
  when: Side,
  job: JobRecord,
  stageRecord: StageRecord,
  { time, state }: ReleaseContext,
): GatesRecord {
  const now = time.now().toISOString();
  const record: GatesRecord = {
    ...{ id: nextNumber(state), when, jobId: job.id, status: 'inProgress' },
    ...{ startedOn: now, lastModifiedOn: now, ignored: [], samples: [] },
  };
  stageRecord.gates = [...(stageRecord.gates ?? []).filter((one) => one.when !== when), record];
  return record;
}

function gatesOf(
  plan: GatesPlan,
  stage: StageRecord,
  job: JobRecord,
  { masker }: ServerJob,
  context: ReleaseContext,
): RunningGate[] {
  const traces = traceJob(stage, job, undefined, masker, context.recorder);
  let number = 0;
  return plan.gates.map((gate) => ({
    plan: gate,
    steps: gate.tasks.map((task) => {
      const info = serverStepInfo(task, ++number, context);
      const step = { plan: task, info, traces: traces.addStep(info), outputs: new Map<string, string>() };
      step.traces.start(info.displayName);
      return step;
    }),
  }));
}

/** The service counts the time limit from the first sample on. */
async function sampleUntilSteady(sampling: Sampling): Promise<GatesRecord['status']> {
  const { plan, record, context } = sampling;
  const { time, interrupts } = context;
  const now = (): number => time.now().getTime();
  await time.sleep(plan.stabilizationTime * MINUTE_IN_MS, interrupts.cancel);
  record.stabilizationCompletedOn = time.now().toISOString();
  const end = now() + plan.timeout * MINUTE_IN_MS;
  for (let began = now(); ;) {
    if (interrupts.cancel.aborted) return 'canceled';
    const isGreen = await sampleOnce(sampling);
    if (interrupts.cancel.aborted) return 'canceled';
    if (isGreen) record.succeedingSince ??= new Date(began).toISOString();
    else delete record.succeedingSince;
    record.lastModifiedOn = time.now().toISOString();
    context.recorder.saveSoon();
    const steadyInMs = record.succeedingSince ? began - Date.parse(record.succeedingSince) : -1;
    if (steadyInMs >= plan.minimumSuccessDuration * MINUTE_IN_MS) return 'succeeded';
    began += plan.samplingInterval * MINUTE_IN_MS;
    await time.sleep(Math.min(began, end) - now(), interrupts.cancel);
    if (began > end) return interrupts.cancel.aborted ? 'canceled' : 'failed';
  }
}

/** All gates at once; green when every one of them is, those aside that somebody said to ignore. */
async function sampleOnce({ record, gates, job, context }: Sampling): Promise<boolean> {
  const { time } = context;
  const asked = gates.filter(({ plan }) => !record.ignored.some((one) => one.name === plan.name));
  const results = await time.wait(() =>
    Promise.all(asked.map((gate) => time.strand(() => sampleGate(gate, job, context)))),
  );
  record.samples.push({ time: time.now().toISOString(), results });
  return results.every(({ result }) => result === 'succeeded' || result === 'succeededWithIssues');
}

async function sampleGate(
  { plan, steps }: RunningGate,
  job: GateJob,
  context: ReleaseContext,
): Promise<SampleRecord['results'][number]> {
  let last: ServerTaskEnd = { result: 'Succeeded' };
  for (const step of steps) {
    if (last.result === 'Failed' || last.result === 'Canceled') break;
    const variables = ownVariables(step, job);
    last = await executeOnServer(step, { ...job, variables }, context);
    const said = job.masker.mask(last.message ?? '');
    const word = last.result === 'Failed' ? 'red' : 'green';
    step.traces.sink.progress(0, said === '' ? word : `${word}: ${said}`);
    const line = `${word}${said === '' ? '' : `: ${said}`}`;
    // The record has every sample; the log tells when something changed.
    if (job.told.get(step) !== line) step.traces.sink.line(line);
    job.told.set(step, line);
  }
  const message = job.masker.mask(last.message ?? '');
  return { gate: plan.name, result: recordResult(last.result), ...(message !== '' && { message }) };
}

/** Gates run side by side: each sees its own name and ids. */
function ownVariables({ info, traces }: ServerStep, { variables }: ServerJob): ServerJob['variables'] {
  const own = createVariables();
  for (const { name, value, isSecret, isReadOnly } of variables.all())
    own.set(name, value, { isSecret, isReadOnly });
  setStepVariables(own, { id: traces.id, ...info });
  own.expand(() => undefined);
  return own;
}

/** Every gate ends as its last sample was. */
function close(
  gates: readonly RunningGate[],
  record: GatesRecord,
  job: JobRecord,
  { time }: ReleaseContext,
): void {
  const last = record.samples.at(-1)?.results ?? [];
  const canceled = record.status === 'canceled';
  for (const { plan, steps } of gates) {
    const result = last.find((one) => one.gate === plan.name)?.result;
    const isGreen = result === 'succeeded' || result === 'succeededWithIssues';
    for (const { traces } of steps)
      traces.finish(
        isGreen ? 'Succeeded' : result === undefined ? (canceled ? 'Canceled' : 'Skipped') : 'Failed',
      );
  }
  markFinished(job, time);
  job.state = 'completed';
  job.result = canceled ? 'canceled' : record.status === 'succeeded' ? 'succeeded' : 'failed';
}
