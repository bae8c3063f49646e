import type {
  ArtifactCondition,
  ReleaseStagePlan,
  StageCondition,
  StageStatus,
  StageTrigger,
} from '../plan.ts';
import type { Desk } from './desk.ts';
import type { Json } from './json.ts';

/** What starts a stage, by its conditions. */
export function triggerOf(conditions: Json, desk: Desk): StageTrigger {
  const stages: StageCondition[] = [];
  const artifacts: ArtifactCondition[] = [];
  let kind: StageTrigger['kind'] = 'manual';
  for (const one of conditions.items()) {
    const [type, name] = [one.get('conditionType').text(), one.get('name').text()];
    if (type === 'event' || type === '1') kind = kind === 'manual' ? 'release' : kind;
    else if (type === 'environmentState' || type === '2') {
      kind = 'stages';
      stages.push({ stage: name, statuses: statusesOf(one.get('value'), desk) });
    } else if (type === 'artifact' || type === '4') {
      artifacts.push({ alias: name, ...filterOf(one.get('value'), desk) });
    } else desk.findings.unsupported(one.place, `A stage condition of the type '${type}'`);
  }
  return { kind, stages, artifacts };
}

/** The value is a sum of bits, one for each status. */
const STATUS_BITS: readonly (readonly [bit: number, status: StageStatus])[] = [
  [4, 'succeeded'],
  [8, 'canceled'],
  [16, 'rejected'],
  [128, 'partiallySucceeded'],
];

function statusesOf(value: Json, { findings }: Desk): StageStatus[] {
  const sum = value.number(4);
  const statuses = STATUS_BITS.filter(([bit]) => (sum & bit) !== 0).map(([, status]) => status);
  if (statuses.length === 0) findings.unsupported(value.place, `Waiting for the stage status ${sum}`);
  return statuses;
}

/** An artifact filter is JSON in text. */
function filterOf(value: Json, { findings }: Desk): Omit<ArtifactCondition, 'alias'> {
  const filter = filterIn(value.text());
  if (!filter) findings.wrong(value.place, 'The artifact filter is not JSON.');
  const { sourceBranch, tags, useBuildDefinitionBranch, tagFilter } = filter ?? {};
  if (useBuildDefinitionBranch === true)
    findings.unsupported(value.place, "An artifact filter by the build's default branch", 'Name the branch.');
  if (Object(tagFilter).pattern)
    findings.unsupported(value.place, 'An artifact filter by a pattern of tags', 'Name the tags.');
  return {
    branch: typeof sourceBranch === 'string' ? sourceBranch : '',
    tags: Array.isArray(tags) ? tags.map(String) : [],
  };
}

function filterIn(text: string): Readonly<Record<string, unknown>> | undefined {
  if (text === '') return {};
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? { ...json } : undefined;
  } catch {
    return undefined;
  }
}

/** A stage that waits for one that is not there, or for itself, would never start. */
export function checkTriggers(stages: readonly ReleaseStagePlan[], { findings }: Desk): void {
  const named = (name: string): ReleaseStagePlan | undefined =>
    stages.find((one) => one.name.toLowerCase() === name.toLowerCase());
  for (const { name, trigger, place } of stages) {
    for (const { stage } of trigger.stages.filter((one) => !named(one.stage)))
      findings.wrong(place, `There is no stage '${stage}', which '${name}' waits for.`);
    if (reaches(name, name, named, new Set()))
      findings.wrong(place, `The stage '${name}' and those before it wait for each other.`);
  }
}

function reaches(
  from: string,
  to: string,
  named: (name: string) => ReleaseStagePlan | undefined,
  seen: Set<string>,
): boolean {
  const before = named(from)?.trigger.stages ?? [];
  return before.some(({ stage }) => {
    if (stage.toLowerCase() === to.toLowerCase()) return true;
    if (seen.has(stage.toLowerCase())) return false;
    seen.add(stage.toLowerCase());
    return reaches(stage, to, named, seen);
  });
}
