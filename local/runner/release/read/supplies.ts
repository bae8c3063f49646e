import { existsSync } from 'node:fs';
import path from 'node:path';
import { Problem } from '../../../../shared/problem/index.ts';
import type { Findings } from '../../read/findings.ts';
import { readJsonFile, type Json } from './json.ts';
import type { Wishes } from './wishes.ts';

/** What an export only names, given beside it. */
export interface Supplies {
  /** Variable groups by id and by name in small letters. */
  readonly variableGroups: ReadonlyMap<string, Json>;
  readonly taskGroups: readonly Json[];
  readonly wishes: Wishes;
}

/** Files and names, as typed. */
export interface SupplyFiles {
  readonly variableGroups?: readonly string[];
  readonly taskGroups?: readonly string[];
  /** Names and ids of tasks; `unsupported` is every task that nothing here runs. */
  readonly leaveOut?: readonly string[];
  /** Script files by names and ids of tasks. */
  readonly standIns?: Readonly<Record<string, string>>;
}

/** Reads the files: answers of the REST API, single groups or lists of them; variable groups also as `{ "12": { "name": "value" } }`. */
export function readSupplies(files: SupplyFiles, findings: Findings): Supplies {
  const read = (paths: readonly string[] = []): Json[] =>
    paths.map((file) => readJsonFile(file, file, findings));
  return {
    variableGroups: new Map(read(files.variableGroups).flatMap(groupsIn)),
    taskGroups: read(files.taskGroups).flatMap(listIn),
    wishes: wishesIn(files, findings),
  };
}

function wishesIn({ leaveOut = [], standIns = {} }: SupplyFiles, findings: Findings): Wishes {
  const scripts = Object.entries(standIns).map(
    ([name, file]) => [name.toLowerCase(), path.resolve(file)] as const,
  );
  for (const [name, file] of scripts.filter(([, one]) => !existsSync(one)))
    findings.add(
      new Problem({ code: 'input', message: `--stand-in ${name}=${file}: there is no such file.` }),
    );
  const names = leaveOut.map((name) => name.toLowerCase());
  return { leaveOut: new Set(names), standIns: new Map(scripts), met: new Set() };
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
