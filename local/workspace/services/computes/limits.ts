import type { NodeLimits } from '../../engine/computes/index.ts';
import { milliseconds } from '../../engine/jobs/duration.ts';
import { isObject } from '../../server/bodies.ts';
import type { ComputeRecord } from './records.ts';

const DEFAULT_IDLE_IN_MS = 120_000;

/** How many nodes a compute has; undefined when it is not there. */
export function nodeLimitsOf(record: ComputeRecord | undefined): NodeLimits | 'unlimited' | undefined {
  switch (record?.computeType) {
    case undefined:
      return undefined;
    case 'Kubernetes':
      return 'unlimited';
    case 'ComputeInstance':
      return { min: 1, max: 1, idleInMs: 0, isOn: (record.properties['state'] ?? 'Running') === 'Running' };
    case 'AmlCompute':
      return clusterLimits(record.properties['scaleSettings']);
  }
}

function clusterLimits(settings: unknown): NodeLimits {
  const scale = isObject(settings) ? settings : {};
  const idle = scale['nodeIdleTimeBeforeScaleDown'];
  return {
    min: Number(scale['minNodeCount'] ?? 0),
    max: Number(scale['maxNodeCount'] ?? 1),
    idleInMs: (typeof idle === 'string' ? milliseconds(idle) : undefined) ?? DEFAULT_IDLE_IN_MS,
    isOn: true,
  };
}
