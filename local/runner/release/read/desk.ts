import type { TaskCatalog } from '../../agent/task/catalog.ts';
import type { Findings } from '../../read/findings.ts';
import type { Refusals } from './refusals.ts';
import type { Supplies } from './supplies.ts';

/** What all parts of a reading share. */
export interface Desk {
  readonly findings: Findings;
  readonly refusals: Refusals;
  readonly catalog: TaskCatalog;
  readonly supplies: Supplies;
  /** What is done differently here, for the record of the release. */
  readonly notes: string[];
}
