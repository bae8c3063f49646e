import { optional, recordOf, textOf, textsOf } from '../json.ts';
import { parallelCommand, taskOf } from '../parallel/index.ts';
import type { Json } from '../records/index.ts';
import type { JobInput, JobOutput } from '../specification.ts';
import { durationText } from '../sweep/specification.ts';
import type { PipelineStep } from './model.ts';

const JOB_TYPES: Readonly<Record<string, string>> = { sweep: 'Sweep', pipeline: 'Pipeline' };

export interface StepPorts {
  readonly inputs: Readonly<Record<string, JobInput>>;
  readonly outputs: Readonly<Record<string, JobOutput>>;
}

/** The job resource of a step: what its component says, and what the step says over it. */
export function stepJob(step: PipelineStep, ports: StepPorts, defaultCompute: string | undefined): Json {
  const { node, component } = step;
  const trial = recordOf(node['trial']);
  const task = taskOf(node, component);
  const said = (member: string): unknown => node[member] ?? trial[member] ?? component[member];
  const limits = recordOf(node['limits'] ?? component['limits']);
  const timeout = step.type === 'sweep' ? undefined : durationText(limits['timeout']);
  return {
    jobType: JOB_TYPES[step.type] ?? 'Command',
    command:
      step.type === 'parallel'
        ? parallelCommand({ ...step, ...ports })
        : (textOf(component['command']) ?? ''),
    ...optional('codeId', assetId(task['code'] ?? said('code'))),
    ...optional('environmentId', assetId(task['environment'] ?? said('environment'))),
    environmentVariables: {
      ...textsOf(component['environment_variables']),
      ...textsOf(node['environment_variables'] ?? trial['environment_variables']),
    },
    ...optional('computeId', textOf(node['computeId']) ?? textOf(node['compute']) ?? defaultCompute),
    ...optional('resources', camelCased(said('resources'))),
    ...optional('distribution', distributionOf(said('distribution'))),
    ...(timeout === undefined ? {} : { limits: { jobLimitsType: 'Command', timeout } }),
    inputs: mapped(ports.inputs, ({ type, ...rest }) => ({ jobInputType: type, ...rest })),
    outputs: mapped(ports.outputs, ({ type, ...rest }) => ({ jobOutputType: type, ...rest })),
  };
}

function mapped<T>(entries: Readonly<Record<string, T>>, show: (entry: T) => Json): Json {
  return Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, show(entry)]));
}

/** Components write `azureml:` before an ARM id, and before an address of a registry. */
function assetId(value: unknown): string | undefined {
  return textOf(value)?.replace(/^azureml:(?=\/[^/]|azureml:)/, '');
}

function distributionOf(value: unknown): Json | undefined {
  const distribution = camelCased(value);
  if (!distribution) return undefined;
  const { type, ...rest } = distribution;
  return { ...(type === undefined ? {} : { distributionType: type }), ...rest };
}

function camelCased(value: unknown): Json | undefined {
  const entries = Object.entries(recordOf(value)).filter(
    ([, member]) => member !== null && member !== undefined,
  );
  if (entries.length === 0) return undefined;
  return Object.fromEntries(
    entries.map(([key, member]) => [
      key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      member,
    ]),
  );
}
