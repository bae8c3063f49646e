import type { WorkspaceContext } from '../../context.ts';
import type { RunCreator } from '../../engine/jobs/records/index.ts';
import type { Json } from '../../server/bodies.ts';
import type { Stamps } from '../../server/stamps.ts';
import type { Collection } from '../../store/store.ts';
import { readTrigger, type Trigger } from './triggers/trigger.ts';

const LONGEST_NAME = 200;

/** A schedule as it is kept. */
export interface ScheduleRecord extends Stamps {
  readonly name: string;
  readonly provisioningState: 'Creating' | 'Updating' | 'Deleting' | 'Succeeded';
  readonly isEnabled: boolean;
  readonly displayName?: string;
  readonly description?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, string>>;
  readonly trigger: Json;
  readonly action: Json;
  /** Times before this one are none of its: it was made, enabled or given another trigger then. */
  readonly activeSince: string;
  /** In whose name its jobs run. */
  readonly creator: RunCreator;
}

export function schedulesOf({ store }: Pick<WorkspaceContext, 'store'>): Collection<ScheduleRecord> {
  return store.collection<ScheduleRecord>('schedules');
}

/** Whether a schedule goes by its trigger. */
export function isWaiting({ isEnabled, provisioningState }: ScheduleRecord): boolean {
  return isEnabled && provisioningState !== 'Deleting';
}

export function triggerOf({ trigger, createdAt }: ScheduleRecord): Trigger {
  return readTrigger(trigger, new Date(createdAt));
}

/** As the service names what a schedule makes: its name and the time it was due. */
export function jobName(schedule: string, dueAt: Date): string {
  const time = dueAt
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(/[-:]/g, '');
  return `${schedule.slice(0, LONGEST_NAME)}-${time}`;
}
