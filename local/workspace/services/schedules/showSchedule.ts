import { workspaceId, type WorkspaceContext } from '../../context.ts';
import { systemData } from '../../server/stamps.ts';
import type { ScheduleRecord } from './records.ts';

/** The ARM resource of a schedule. */
export function showSchedule(
  { identity }: Pick<WorkspaceContext, 'identity'>,
  record: ScheduleRecord,
): object {
  const { name, displayName, description, tags, properties, isEnabled, provisioningState } = record;
  return {
    id: `${workspaceId(identity)}/schedules/${name}`,
    name,
    type: 'Microsoft.MachineLearningServices/workspaces/schedules',
    properties: {
      displayName: displayName ?? null,
      description: description ?? null,
      tags,
      properties,
      isEnabled,
      provisioningState,
      trigger: record.trigger,
      action: record.action,
    },
    systemData: systemData(record),
  };
}
