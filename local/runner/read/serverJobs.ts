import type { ServerStepPlan, StepPlan, TaskStepPlan, Text } from '../plan.ts';
import type { Fields } from './fields.ts';
import { readSteps } from './steps.ts';
import type { ReadingDesk } from './templates.ts';

/** The steps of a job with `pool: server`: tasks alone, for nothing else runs without an agent. */
export function readServerSteps(desk: ReadingDesk, fields: Fields): ServerStepPlan[] {
  if (!fields.has('steps')) desk.findings.wrong(fields.place, "A job needs 'steps'.");
  return readSteps(desk, fields.get('steps')).flatMap((step) => onServer(desk, step) ?? []);
}

function onServer(desk: ReadingDesk, step: StepPlan): ServerStepPlan | undefined {
  if (step.kind !== 'task') {
    const next = 'Move it to a job with an agent.';
    desk.findings.wrong(step.place, `A '${step.kind}' step cannot run in an agentless job.`, next);
    return undefined;
  }
  const { kind: _kind, task, inputs, ...common } = step;
  const input = (name: string): Text | undefined => valueOf(name, inputs);
  switch (task.name.toLowerCase()) {
    case 'delay':
      return { ...common, kind: 'delay', minutes: input('delayForMinutes') ?? zero(step) };
    case 'manualvalidation': {
      const onTimeout = input('onTimeout')?.text.toLowerCase() === 'resume' ? 'resume' : 'reject';
      const instructions = input('instructions') ?? { text: '', place: step.place };
      return { ...common, kind: 'intervention', instructions, onTimeout };
    }
    default:
      return step;
  }
}

function valueOf(name: string, inputs: TaskStepPlan['inputs']): Text | undefined {
  return [...inputs].find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

function zero({ place }: TaskStepPlan): Text {
  return { text: '0', place };
}
