import { throwIfAny, type Problem } from '../../../../shared/problem/index.ts';
import type { TaskCatalog } from '../../agent/task/catalog.ts';
import { Findings } from '../../read/findings.ts';
import type { ReleasePlan } from '../plan.ts';
import { readArtifacts } from './artifacts.ts';
import type { Desk } from './desk.ts';
import { readJsonFile, type Json } from './json.ts';
import { Refusals } from './refusals.ts';
import { readTriggerSchedules } from './schedules.ts';
import { readStage } from './stages.ts';
import { checkTriggers } from './triggers.ts';
import { readSupplies, type SupplyFiles } from './supplies.ts';
import { definitionIn } from './whole.ts';
import { readVariables } from './variables.ts';
import { checkWishes } from './readWishes.ts';

export interface ReadRequest extends SupplyFiles {
  readonly path: string;
  /** What messages call the file. */
  readonly file: string;
  /** Definitions name tasks by their ids. */
  readonly catalog: TaskCatalog;
}

interface Inspection {
  readonly plan: ReleasePlan;
  readonly problems: readonly Problem[];
}

/** A definition is mended in one go, however much is wrong with it. */
const MOST = 500;

/** Reads an exported release definition, or a release as the REST API has it; everything that is wrong or not offered here is named at once. */
export function readRelease(request: ReadRequest): ReleasePlan {
  const { plan, problems } = inspectRelease(request);
  throwIfAny(problems);
  return plan;
}

/** The same for whoever has more to check: with problems, the plan is what could be read. Throws for a file that holds no definition. */
export function inspectRelease({ path, file, catalog, ...files }: ReadRequest): Inspection {
  const findings = new Findings(MOST);
  const whole = definitionIn(readJsonFile(path, file, findings), findings);
  const supplies = readSupplies(files, findings);
  findings.throwAll();
  const refusals = new Refusals();
  const plan = planOf(whole, file, { findings, refusals, catalog, supplies, notes: [] });
  refusals.report(findings);
  checkWishes(supplies.wishes, findings);
  return { plan, problems: findings.inOrder() };
}

/** Whether a file's content is meant to be a release, and not a pipeline. */
export function isReleaseFile(file: string): boolean {
  return file.toLowerCase().endsWith('.json');
}

function planOf(json: Json, file: string, desk: Desk): ReleasePlan {
  const environments = json.get('environments');
  const definition = json.get('releaseDefinition');
  const stages = environments.items().map((one, index) => readStage(one, index, desk));
  refuseTwins(environments, desk);
  checkTriggers(stages, desk);
  return {
    file,
    id: (definition.isThere ? definition : json).get('id').number(1),
    name: (definition.isThere ? definition : json).get('name').text(nameOf(file)),
    revision: json.get(definition.isThere ? 'definitionSnapshotRevision' : 'revision').number(1),
    nameFormat: json.get('releaseNameFormat').text() || 'Release-$(Rev:r)',
    variables: readVariables(json, desk),
    schedules: readTriggerSchedules(json.get('triggers'), desk),
    artifacts: readArtifacts(json.get('artifacts'), desk),
    stages: stages.sort((a, b) => a.rank - b.rank),
    notes: desk.notes,
    json: Object.fromEntries(json.members().map(([name, { value }]) => [name, value])),
  };
}

function nameOf(file: string): string {
  return (file.split(/[\\/]/).pop() ?? file).replace(/\.json$/i, '');
}

function refuseTwins(environments: Json, { findings }: Desk): void {
  const seen = new Set<string>();
  for (const one of environments.items()) {
    const name = one.get('name').text();
    if (seen.has(name.toLowerCase()))
      findings.wrong(one.get('name').place, `There is more than one stage '${name}'.`);
    seen.add(name.toLowerCase());
  }
}
