import { randomUUID } from 'node:crypto';
import type { Json } from '../../server/bodies.ts';

const PREFIX = 'Microsoft.MachineLearningServices.';

/** What Azure ML tells Event Grid of. A type Azure has and this workspace never sends is DatasetDriftDetected, of the retired v1. */
export const EVENT_TYPES = ['ModelRegistered', 'ModelDeployed', 'RunCompleted', 'RunStatusChanged'].map(
  (word) => `${PREFIX}${word}`,
);

/** Something that happened in the workspace, before it is put into the words of a schema. */
export interface WorkspaceEvent {
  readonly id: string;
  /** For example `Microsoft.MachineLearningServices.ModelRegistered`. */
  readonly type: string;
  readonly subject: string;
  /** ISO time. */
  readonly time: string;
  readonly data: Json;
}

export function newEvent(
  type: 'ModelRegistered' | 'ModelDeployed' | 'RunCompleted' | 'RunStatusChanged',
  event: Pick<WorkspaceEvent, 'subject' | 'time' | 'data'>,
): WorkspaceEvent {
  return { id: randomUUID(), type: `${PREFIX}${type}`, ...event };
}
