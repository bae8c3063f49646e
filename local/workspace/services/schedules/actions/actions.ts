import type { WorkspaceContext } from '../../../context.ts';
import { Members, type Json } from '../../../server/bodies.ts';
import type { Action, Firing } from './action.ts';
import { createJob } from './createJob.ts';
import { createMonitor } from './createMonitor.ts';
import { importData } from './importData.ts';
import { invokeBatchEndpoint } from './invokeBatchEndpoint.ts';

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
