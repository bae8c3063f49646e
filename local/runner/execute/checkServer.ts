import { Problem } from '../../../shared/problem/index.ts';
import type { ServerStepPlan, TaskStepPlan } from '../plan.ts';
import { inputProblems, unknownTask, type StepCheck } from './checkTask.ts';

/** What would keep a step from running without an agent. */
export function serverStepProblems(step: ServerStepPlan, request: StepCheck): Problem[] {
  return step.kind === 'task' && step.enabled ? serverTaskProblems(step, request) : [];
}

function serverTaskProblems(step: TaskStepPlan, request: StepCheck): Problem[] {
  const { name, major } = step.task;
  const task = request.catalog.find(name, major);
  if (!task) return [unknownTask(step, request.catalog)];
  const keys = [...task.execution.keys()];
  if (keys.some((key) => /^HttpRequest(Chain)?$/i.test(key))) return inputProblems(step, task, request);
  return [
    keys.some((key) => /^(ServiceBus)$/i.test(key))
      ? refuse(step, `sends its question by ${keys.join(', ')}, which is not offered here`)
      : refuse(step, 'needs an agent'),
  ];
}

function refuse({ task, place }: TaskStepPlan, why: string): Problem {
  const message = `The task '${task.name}' ${why}.`;
  const next = 'Take it out, or ask by a request of your own (InvokeRESTAPI).';
  return new Problem({ code: 'unsupported', message, next, place });
}
