import type { StepPlan, TaskStepPlan } from '../plan.ts';
import { Problem } from '../../../shared/problem/index.ts';
import type { StepHost } from './steps/step.ts';
import type { TaskDefinition } from './task/definition.ts';
import type { TaskPart } from './task/handler.ts';
import type { JobTraces, StepInfo, StepTraces } from './traces.ts';
import { createVariables, type VariableStore } from './variables/variables.ts';

/** One thing to run: a step, or the pre-job or post-job part of a task. */
export interface StepPart {
  readonly plan: StepPlan;
  readonly part: TaskPart;
  readonly refName: string;
  readonly definition: TaskDefinition | undefined;
  /** Shared by the parts of one task, and by nothing else. */
  readonly taskVariables: VariableStore;
  readonly traces: StepTraces;
  readonly displayName: string;
}

/** The parts of a job in the order they run; all are listed in the record at once. */
export function planParts(steps: readonly StepPlan[], host: StepHost, traces: JobTraces): StepPart[] {
  const names = referenceNames(steps);
  const bases = steps.map((plan, index) => {
    const definition = plan.kind === 'task' ? definitionOf(plan, host) : undefined;
    return { plan, definition, refName: names[index] ?? '', taskVariables: createVariables() };
  });
  type Base = (typeof bases)[number];
  const make = (base: Base, part: TaskPart): StepPart => {
    const info = infoOf(base, part);
    return { ...base, part, displayName: info.displayName, traces: traces.addStep(info) };
  };
  const having = (part: 'prejob' | 'postjob'): Base[] =>
    bases.filter((base) => base.plan.enabled && (base.definition?.[part].size ?? 0) > 0);
  return [
    ...having('prejob').map((base) => make(base, 'prejob')),
    ...bases.map((base) => make(base, 'execution')),
    ...having('postjob')
      .toReversed()
      .map((base) => make(base, 'postjob')),
  ];
}

/** A step without a name gets one from what it is and a running number, so that declared outputs have a place. */
function referenceNames(steps: readonly StepPlan[]): string[] {
  const taken = new Set(steps.flatMap((step) => step.name?.toLowerCase() ?? []));
  return steps.map((step) => {
    if (step.name) return step.name;
    const base = kindName(step).replace(/[^A-Za-z0-9_]/g, '_');
    for (let number = 1; ; number++) {
      const name = `${base}${number}`;
      if (taken.has(name.toLowerCase())) continue;
      taken.add(name.toLowerCase());
      return name;
    }
  });
}

function definitionOf({ task, place }: TaskStepPlan, host: StepHost): TaskDefinition {
  const definition = host.catalog.find(task.name, task.major);
  if (definition) return definition;
  throw new Problem({
    code: 'unsupported',
    message: `There is no task '${task.name}@${task.major}' here.`,
    place,
  });
}

const TITLES: Readonly<Record<TaskPart, string>> = {
  prejob: 'Pre-job: ',
  execution: '',
  postjob: 'Post-job: ',
};

function infoOf(base: Omit<StepPart, 'part' | 'traces' | 'displayName'>, part: TaskPart): StepInfo {
  const { plan, definition, refName } = base;
  return {
    refName,
    displayName: `${TITLES[part]}${plan.displayName?.text || kindName(plan)}`,
    kind: plan.kind,
    ...(definition && {
      task: {
        id: definition.id,
        name: definition.name,
        version: Object.values(definition.version).join('.'),
      },
    }),
  };
}

/** What a step is called when the pipeline gives it no name: its task's name, as the service shows it. */
function kindName(step: StepPlan): string {
  switch (step.kind) {
    case 'task':
      return step.task.name.split('.').pop() ?? step.task.name;
    case 'script':
      return { script: 'CmdLine', bash: 'Bash', pwsh: 'PowerShell' }[step.shell];
    case 'publish':
      return 'PublishPipelineArtifact';
    case 'download':
      return 'DownloadPipelineArtifact';
    case 'checkout':
      return 'Checkout';
  }
}
