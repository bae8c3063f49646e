import type { DraftMap } from '../../compilation.ts';
import { draft, milliseconds, seconds } from '../../draft.ts';
import { integer, oneOfSnake, text } from '../../fields/basic.ts';
import { members, record } from '../../fields/collections.ts';
import { mapped, required, type Field } from '../../fields/field.ts';

export const probe: Field<DraftMap> = mapped(
  record({
    period: integer,
    initial_delay: integer,
    timeout: integer,
    success_threshold: integer,
    failure_threshold: integer,
  }),
  (read) =>
    draft({
      period: seconds(read.period),
      initialDelay: seconds(read.initial_delay),
      timeout: seconds(read.timeout),
      successThreshold: read.success_threshold,
      failureThreshold: read.failure_threshold,
    }),
);

export const requestSettings: Field<DraftMap> = mapped(
  record({
    request_timeout_ms: integer,
    max_concurrent_requests_per_instance: integer,
    max_queue_wait_ms: integer,
  }),
  (read) =>
    draft({
      requestTimeout: milliseconds(read.request_timeout_ms),
      maxConcurrentRequestsPerInstance: read.max_concurrent_requests_per_instance,
      maxQueueWait: milliseconds(read.max_queue_wait_ms),
    }),
);

export const scaleSettings: Field<DraftMap> = {
  expected: 'a mapping with type default or target_utilization',
  read(node, scope) {
    const kind = required(oneOfSnake(['default', 'target_utilization']));
    const type = members(node, scope, { type: kind }, { open: true })?.type;
    if (type === undefined) return undefined;
    if (type === 'default') {
      members(node, scope, { type: text });
      return { scaleType: 'Default' };
    }
    const read = members(node, scope, {
      type: text,
      min_instances: integer,
      max_instances: integer,
      polling_interval: integer,
      target_utilization_percentage: integer,
    });
    return (
      read &&
      draft({
        scaleType: 'TargetUtilization',
        minInstances: read.min_instances,
        maxInstances: read.max_instances,
        pollingInterval: seconds(read.polling_interval),
        targetUtilizationPercentage: read.target_utilization_percentage,
      })
    );
  },
};

const amounts: Field<DraftMap> = mapped(
  record({ cpu: text, memory: text, gpu: text, 'nvidia.com/gpu': text }),
  (read) => draft({ cpu: read.cpu, memory: read.memory, gpu: read['nvidia.com/gpu'] ?? read.gpu }),
);

export const containerResources: Field<DraftMap> = mapped(
  record({ requests: amounts, limits: amounts }),
  (read) => draft({ containerResourceRequests: read.requests, containerResourceLimits: read.limits }),
);
