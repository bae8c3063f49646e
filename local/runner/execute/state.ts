import { rmSync } from 'node:fs';
import path from 'node:path';
import { Problem, messageOf } from '../../../shared/problem/index.ts';
import type { PipelinePlan } from '../plan.ts';
import type { RunRecord } from '../record/model.ts';
import { readJson, writeJson } from '../record/save.ts';
import type { JobEnd, StageEnd } from './results.ts';
import type { Seal } from './seal.ts';
import type { Source } from './source.ts';
import type { EvaluatedVariable } from './variables.ts';

/** What a run needs, besides its record, to go on in another process. */
export interface RunState {
  readonly schemaVersion: 1;
  readonly plan: PipelinePlan;
  readonly source: Source;
  readonly projectId: string;
  readonly port: number;
  readonly variables: readonly EvaluatedVariable[];
  readonly ends: ReadonlyMap<string, StageEnd>;
  /** Jobs that have ended in stages that wait in their midst. */
  readonly halfway: ReadonlyMap<string, ReadonlyMap<string, JobEnd>>;
}

const FILE = 'state.json';

export function saveState(folder: string, state: RunState, seal: Seal): void {
  writeSealed(path.join(folder, FILE), state, seal);
}

/** A run that has ended needs none. */
export function removeState(folder: string): void {
  rmSync(path.join(folder, FILE), { force: true });
}

export function readState(folder: string, seal: Seal): { readonly run: RunRecord; readonly state: RunState } {
  return readSealed<RunState>(folder, FILE, seal);
}

/** Writes what a run or release needs to go on, its secrets sealed. */
export function writeSealed(file: string, state: object, seal: Seal): void {
  writeJson(file, encode(state, seal), 0o600);
}

/** Reads a record with its state; a run that has ended has none, a release keeps it. */
export function readSealed<T extends { readonly schemaVersion: 1 }>(
  folder: string,
  file: string,
  seal: Seal,
): { readonly run: RunRecord; readonly state: T } {
  try {
    // Both files were written by this program, in this version of their format.
    const run = readJson(path.join(folder, 'run.json')) as RunRecord;
    if (run.state === 'completed' && !run.release) throw ended(run, folder);
    const state = decode(readJson(path.join(folder, file)), seal) as T;
    if (run.schemaVersion !== 1 || state.schemaVersion !== 1) throw new Error('they are of another version');
    return { run, state };
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem({
      code: 'file',
      message: `The record in '${folder}' cannot be continued: ${messageOf(error)}.`,
      next: 'Name the folder of a run that waits, or start a new run.',
      place: { file: path.join(folder, file) },
      cause: error,
    });
  }
}

function ended(run: RunRecord, folder: string): Problem {
  const message = `The run '${run.name}' has ended already: ${run.result ?? 'completed'}.`;
  return new Problem({ code: 'conflict', message, next: 'Start a new run.', place: { file: folder } });
}

/** JSON has no maps: they are written as lists of pairs under a mark. Secret values are sealed. */
function encode(value: unknown, seal: Seal): unknown {
  if (value instanceof Map) return { $map: [...value].map(([key, one]) => [key, encode(one, seal)]) };
  if (Array.isArray(value)) return value.map((one) => encode(one, seal));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, one]): [string, unknown] => [key, encode(one, seal)]);
  const plain = Object.fromEntries(entries);
  if (plain['isSecret'] !== true || typeof plain['value'] !== 'string') return plain;
  const { value: secret, ...rest } = plain;
  return { ...rest, $sealed: seal.close(String(secret)) };
}

function decode(value: unknown, seal: Seal): unknown {
  if (Array.isArray(value)) return value.map((one) => decode(one, seal));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first?.[0] === '$map' && Array.isArray(first[1])) {
    return new Map(first[1].map(([key, one]: [string, unknown]) => [key, decode(one, seal)]));
  }
  const plain = Object.fromEntries(entries.map(([key, one]) => [key, decode(one, seal)]));
  if (typeof plain['$sealed'] !== 'string') return plain;
  const { $sealed, ...rest } = plain;
  return { ...rest, value: seal.open(String($sealed)) };
}
