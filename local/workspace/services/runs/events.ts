import type { RunStatus } from '../../engine/jobs/records/index.ts';

/** Names of run events, as Azure's older SDK sends them, and what they make of a run. */
const STATUS_AFTER: Readonly<Record<string, RunStatus>> = {
  'Microsoft.MachineLearning.Run.Start': 'Running',
  'Microsoft.MachineLearning.Run.Completed': 'Completed',
  'Microsoft.MachineLearning.Run.Failed': 'Failed',
  'Microsoft.MachineLearning.Run.Canceled': 'Canceled',
  'Microsoft.MachineLearning.Run.Cancelled': 'Canceled',
};

/** The status an event leads to; undefined for events that only tell something. */
export function statusAfter(event: Readonly<Record<string, unknown>>): RunStatus | undefined {
  return typeof event['name'] === 'string' ? STATUS_AFTER[event['name']] : undefined;
}
