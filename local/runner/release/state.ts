import { existsSync } from 'node:fs';
import path from 'node:path';
import type { ReleaseVariable } from '../../devops/index.ts';
import { readSealed, writeSealed } from '../execute/state.ts';
import type { Seal } from '../execute/seal.ts';
import { readJson } from '../record/save.ts';
import type { RunRecord, VariableRecord } from '../record/model.ts';
import type { ReleasePlan } from './plan.ts';
import type { ArtifactVersion } from './versions.ts';

/** Variables of a release or of one of its stages, as they stand now: by name, as written. */
export type LiveVariables = ReadonlyMap<string, ReleaseVariable>;

/** What a release needs, besides its record, to go on in another process. Jobs change its variables. */
export interface ReleaseState {
  readonly schemaVersion: 1;
  readonly plan: ReleasePlan;
  readonly projectId: string;
  readonly port: number;
  readonly artifacts: readonly ArtifactVersion[];
  variables: LiveVariables;
  /** By the stage's name. */
  stageVariables: ReadonlyMap<string, LiveVariables>;
  /** How far the release's clock is ahead of the real one. */
  aheadInMs: number;
  /** Numbers given to approvals, gates and deployments so far. */
  lastNumber: number;
}

const FILE = 'state.json';

export function saveReleaseState(folder: string, state: ReleaseState, seal: Seal): void {
  writeSealed(path.join(folder, FILE), state, seal);
}

/** Unlike a run's, a release's state stays: a stage may be deployed again at any time. */
export function readReleaseState(
  folder: string,
  seal: Seal,
): { readonly run: RunRecord; readonly state: ReleaseState } {
  return readSealed<ReleaseState>(folder, FILE, seal);
}

/** Whether a record is that of a release; what is none of ours is left for the reading to name. */
export function isReleaseRecord(folder: string): boolean {
  const file = path.join(folder, 'run.json');
  return existsSync(file) && Reflect.has(Object(readJson(file)), 'release');
}

/** Live variables as the record shows them. */
export function variableRecords(variables: LiveVariables): VariableRecord[] {
  return [...variables].map(([name, { value, isSecret }]) => ({
    ...{ name, isSecret },
    value: isSecret ? '***' : value,
  }));
}
