import type { WorkspaceContext } from '../../../context.ts';
import type { Json } from '../../../server/bodies.ts';
import type { ScheduleRecord } from '../records.ts';

/** One time that a schedule is due, with the name of the job it makes. */
export interface Firing {
  readonly schedule: ScheduleRecord;
  readonly dueAt: Date;
  readonly name: string;
}

/** Something a schedule can do. */
export interface Action {
  /** Throws what is wrong with it before it is kept. */
  check(context: WorkspaceContext, action: Json): void;
  /** Does it; returns the name of the job. */
  run(context: WorkspaceContext, firing: Firing): Promise<string>;
}
