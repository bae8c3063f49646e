import type { WorkspaceContext } from '../../../context.ts';
import { Members, type Json } from '../../../server/bodies.ts';
import type { ScheduleRecord } from '../records.ts';
import { createJob } from './createJob.ts';
import { createMonitor } from './createMonitor.ts';
import { importData } from './importData.ts';
import { invokeBatchEndpoint } from './invokeBatchEndpoint.ts';

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

const ACTIONS = {
  CreateJob: createJob,
  InvokeBatchEndpoint: invokeBatchEndpoint,
  CreateMonitor: createMonitor,
  ImportData: importData,
} satisfies Record<string, Action>;

export function checkAction(context: WorkspaceContext, action: Json): void {
  actionOf(action).check(context, action);
}

export function runAction(context: WorkspaceContext, firing: Firing): Promise<string> {
  return actionOf(firing.schedule.action).run(context, firing);
}

function actionOf(action: Json): Action {
  const members = new Members(action, 'properties.action');
  const kinds = Object.keys(ACTIONS) as (keyof typeof ACTIONS)[];
  return ACTIONS[members.needed('actionType', members.word('actionType', kinds))];
}
