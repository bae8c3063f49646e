import type { StepPlan } from '../plan.ts';
import { Fields } from './fields.ts';
import type { Bound } from './scope.ts';
import { COMMON_KEYS, readCommon } from './stepCommon.ts';
import { STEP_KINDS } from './stepKinds.ts';
import { openTemplate, type ReadingDesk } from './templates.ts';

/** Steps of Azure Pipelines that need a service this machine does not have. */
const REFUSED: Readonly<Record<string, string>> = {
  downloadBuild: "Use 'download: current' for what this run published.",
  getPackage: '',
  reviewApp: '',
  upload: "Use 'publish'.",
  server: '',
};

/** Reads the steps of a job; step templates become part of them. */
export function readSteps(desk: ReadingDesk, bound: Bound | undefined): StepPlan[] {
  const steps = listed(desk, bound);
  const names = new Map<string, StepPlan>();
  for (const step of steps) {
    const before = step.name === undefined ? undefined : names.get(step.name.toLowerCase());
    if (before) {
      const { file, line } = before.place;
      desk.findings.wrong(
        step.place,
        `There is already a step '${step.name}' in this job, in ${file}:${line}.`,
      );
    }
    if (step.name !== undefined) names.set(step.name.toLowerCase(), step);
  }
  return steps;
}

function listed(desk: ReadingDesk, bound: Bound | undefined): StepPlan[] {
  if (!bound) return [];
  return desk.expander.items(bound, "'steps'").flatMap((item) => readStep(desk, item));
}

function readStep(desk: ReadingDesk, item: Bound): StepPlan[] {
  const fields = new Fields(desk, item, 'A step');
  if (fields.has('template')) return listed(desk, openTemplate(desk, item, 'steps')?.get('steps'));
  const kind = Object.keys(STEP_KINDS).find((each) => fields.has(each));
  if (kind === undefined) return refuse(desk, fields);
  fields.allow([kind, ...STEP_KINDS[kind]!.keys, ...COMMON_KEYS]);
  const step = STEP_KINDS[kind]!.read(desk, fields, readCommon(desk, fields));
  return step ? [step] : [];
}

function refuse(desk: ReadingDesk, fields: Fields): [] {
  const refused = Object.keys(REFUSED).find((each) => fields.has(each));
  if (refused !== undefined)
    desk.findings.unsupported(
      fields.keyPlace(refused),
      `The step '${refused}'`,
      REFUSED[refused] || undefined,
    );
  else
    desk.findings.unknown(fields.place, 'The step', fields.keys[0] ?? '', [
      ...Object.keys(STEP_KINDS),
      'template',
    ]);
  return [];
}
