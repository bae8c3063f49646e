import type { Findings } from '../../read/findings.ts';
import { readJsonFile, type Json } from './json.ts';
import { readWishes, type TypedWishes, type Wishes } from './readWishes.ts';

/** What an export only names, given beside it. */
export interface Supplies {
  /** Variable groups by id and by name in small letters. */
  readonly variableGroups: ReadonlyMap<string, Json>;
  readonly taskGroups: readonly Json[];
  readonly wishes: Wishes;
}

/** Files and names, as typed. */
export interface SupplyFiles extends TypedWishes {
  readonly variableGroups?: readonly string[];
  readonly taskGroups?: readonly string[];
}

/** Reads the files: answers of the REST API, single groups or lists of them; variable groups also as `{ "12": { "name": "value" } }`. */
export function readSupplies(files: SupplyFiles, findings: Findings): Supplies {
  const read = (paths: readonly string[] = []): Json[] =>
    paths.map((file) => readJsonFile(file, file, findings));
  return {
    variableGroups: new Map(read(files.variableGroups).flatMap(groupsIn)),
    taskGroups: read(files.taskGroups).flatMap(listIn),
    wishes: readWishes(files, findings),
  };
}

function listIn(json: Json): readonly Json[] {
  if (Array.isArray(json.value)) return json.items();
  return Array.isArray(json.get('value').value) ? json.get('value').items() : [json];
}

function groupsIn(json: Json): [string, Json][] {
  return listIn(json).flatMap((group): [string, Json][] => {
    const variables = group.get('variables');
    if (!variables.isThere) return group.members().map(([id, own]) => [id.toLowerCase(), own]);
    return ['id', 'name'].flatMap((key) => {
      const name = group.get(key).text().toLowerCase();
      return name === '' ? [] : [[name, variables] as [string, Json]];
    });
  });
}
