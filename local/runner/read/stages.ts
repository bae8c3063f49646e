import type { StagePlan, Text } from '../plan.ts';
import { readCondition } from './conditions.ts';
import { resolveDependencies } from './dependencies.ts';
import { Fields } from './fields.ts';
import { readJobs } from './jobs.ts';
import { Names } from './names.ts';
import { checkPool } from './pool.ts';
import { withVariables, type Bound } from './scope.ts';
import { openTemplate, type ReadingDesk } from './templates.ts';
import { readVariables } from './variables.ts';

const KEYS = [
  'stage', 'group', 'displayName', 'pool', 'dependsOn', 'condition', 'variables', 'jobs',
  'lockBehavior', 'trigger', 'isSkippable', 'templateContext',
]; // prettier-ignore

interface ReadStage {
  readonly name: string;
  readonly place: StagePlan['place'];
  /** undefined: the stage before this one. */
  readonly written: readonly Text[] | undefined;
  readonly plan: Omit<StagePlan, 'dependsOn'>;
}

/** Reads a list of stages; stage templates become part of it. */
export function readStages(desk: ReadingDesk, bound: Bound): StagePlan[] {
  const names = new Names('stage', desk.findings);
  const stages = stageEntries(desk, bound).flatMap(
    (entry, index) => readStage(desk, entry, names, index + 1) ?? [],
  );
  const waiting = stages.map((stage, index) => ({
    ...stage,
    dependsOn: stage.written ?? before(stages[index - 1]),
  }));
  const resolved = resolveDependencies(desk.findings, 'stage', waiting);
  return stages.map(({ name, plan }) => ({ ...plan, dependsOn: resolved.get(name) ?? [] }));
}

function before(stage: ReadStage | undefined): readonly Text[] {
  return stage ? [{ text: stage.name, place: stage.place }] : [];
}

function stageEntries(desk: ReadingDesk, bound: Bound): Bound[] {
  return desk.expander.items(bound, "'stages'").flatMap((item) => {
    const isTemplate = desk.expander.entries(item, 'A stage').some(({ key }) => key.text === 'template');
    if (!isTemplate) return [item];
    const inner = openTemplate(desk, item, 'stages')?.get('stages');
    return inner ? stageEntries(desk, inner) : [];
  });
}

function readStage(desk: ReadingDesk, item: Bound, names: Names, position: number): ReadStage | undefined {
  const outline = new Fields(desk, item, 'A stage');
  if (!outline.has('stage')) {
    desk.findings.unknown(
      outline.place,
      "In a list of stages, '- stage:' or '- template:' must come first;",
      outline.keys[0] ?? '',
      ['stage', 'template'],
    );
    return undefined;
  }
  const { definitions, known } = readVariables(desk, outline.get('variables'), 'stage', item.scope.variables);
  const fields = new Fields(desk, withVariables(item, known), 'A stage').allow(KEYS);
  refuseManual(desk, fields);
  checkPool(desk, fields.get('pool'));
  const name = names.take(fields.text('stage'), fields.place, position);
  const jobs = fields.get('jobs');
  if (!jobs) desk.findings.wrong(fields.place, `The stage '${name}' needs 'jobs'.`);
  const plan = {
    name,
    displayName: fields.text('displayName')?.text || name,
    condition: readCondition(desk, fields, 'stage'),
    variables: definitions,
    jobs: jobs ? readJobs(desk, jobs) : [],
    place: fields.place,
  };
  return { name, place: fields.place, written: fields.texts('dependsOn'), plan };
}

function refuseManual(desk: ReadingDesk, fields: Fields): void {
  const trigger = fields.text('trigger');
  if (trigger && trigger.text !== 'automatic')
    desk.findings.unsupported(trigger.place, `A stage that waits for a '${trigger.text}' start`);
}
