import type { TaskCatalog } from '../../agent/task/catalog.ts';
import type { Findings } from '../../read/findings.ts';

/** What all parts of a reading share. */
export interface Desk {
  readonly findings: Findings;
  readonly catalog: TaskCatalog;
}
