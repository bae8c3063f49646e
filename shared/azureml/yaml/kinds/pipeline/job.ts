import type { Draft, DraftMap } from '../../compilation.ts';
import type { YamlMap, YamlNode } from '../../document/node.ts';
import { draft, mapValues } from '../../draft.ts';
import { boolean, jsonOf, oneOf, text } from '../../fields/basic.ts';
import { mapOf, members } from '../../fields/collections.ts';
import { mapped, type Field } from '../../fields/field.ts';
import type { Scope } from '../../fields/scope.ts';
import { defaultCompute } from '../../references/compute.ts';
import { named, versioned } from '../../references/ids.ts';
import { PORT_NAME } from '../component/ports.ts';
import { baseShape, READ_ONLY, restBase } from '../job/base.ts';
import type { JobReading } from '../job/command.ts';
import { typeOf } from '../family.ts';
import { jobInput, jobInputs } from '../job/inputs.ts';
import { jobOutput, restOutput } from '../job/outputs.ts';
import { pipelineSteps } from './steps.ts';

const datastore: Field<Draft> = mapped(text, (name, node) => named(name, 'datastores', node));

/** Settings of a pipeline: those known are checked, others go along. */
const settings: Field<DraftMap> = {
  expected: 'a mapping',
  read(node, scope) {
    const shape = {
      default_datastore: datastore,
      default_compute: defaultCompute,
      continue_on_step_failure: boolean,
      force_rerun: boolean,
    };
    const read = members(node, scope, shape, { open: true });
    if (!read || node.kind !== 'map') return undefined;
    const others = [...node.entries].filter(([key]) => !(key in shape));
    return draft({ ...Object.fromEntries(others.map(([key, { value }]) => [key, jsonOf(value)])), ...read });
  },
};

const shape = {
  ...baseShape,
  type: oneOf(['pipeline'], { exactCase: true }),
  settings,
  inputs: mapOf(jobInput),
  outputs: mapOf(jobOutput),
};

/** A pipeline job's file as the `properties` of its request. */
export function pipelineJob(node: YamlNode, scope: Scope): JobReading | undefined {
  const read = members(
    node,
    scope,
    { ...shape, jobs: jobsField, component: componentField },
    { ignored: READ_ONLY },
  );
  if (!read || node.kind !== 'map') return undefined;
  if (read.component !== undefined && read.jobs) {
    scope.refuse(node.at, "A pipeline has either 'jobs' or 'component', not both.");
  }
  const given = Object.fromEntries(Object.entries(read.inputs ?? {}).filter(([, input]) => !isBlank(input)));
  const inputs = jobInputs(given, node.entries.get('inputs')?.value, scope, PORT_NAME);
  const steps =
    read.jobs &&
    pipelineSteps(read.jobs, scope.member('jobs'), { inputs: given, outputs: read.outputs ?? {} });
  const hasCompute = read.compute !== undefined || read.settings?.['default_compute'] !== undefined;
  if (read.jobs && !hasCompute) requireComputes(read.jobs, scope);
  const source = read.component === undefined ? 'YAML.JOB' : 'REMOTE.WORKSPACE.JOB';
  const properties = draft({
    jobType: 'Pipeline',
    ...restBase(read),
    computeId: read.compute,
    componentId: read.component,
    jobs: steps ?? {},
    settings: { _source: source, ...read.settings },
    inputs,
    outputs: mapValues(read.outputs ?? {}, restOutput),
  });
  return { name: read.name, properties };
}

/** The service refuses inputs without a value, so they are left out. */
function isBlank(input: { readonly kind: string; readonly value?: string }): boolean {
  return input.kind === 'literal' && input.value === '';
}

const jobsField: Field<YamlMap> = {
  expected: 'a mapping of steps by name',
  read: (node, scope) => (node.kind === 'map' ? node : scope.unexpected(node, 'a mapping of steps by name')),
};

const componentField: Field<Draft> = {
  expected: 'azureml:<name>:<version> or a registry id',
  read(node, scope) {
    const id = text.read(node, scope);
    if (id === undefined) return undefined;
    if (id.startsWith('azureml:')) return versioned(id, 'components', node, scope);
    return scope.unsupported(
      node.at,
      'A pipeline component in a file of its own is not offered as a job for now.',
    );
  },
};

function requireComputes(jobs: YamlMap, scope: Scope): void {
  for (const [name, { key, value }] of jobs.entries) {
    const runs = ['command', 'sweep'].includes(
      value.kind === 'map' ? (typeOf(value)?.toLowerCase() ?? 'command') : '',
    );
    if (!runs || value.kind !== 'map' || value.entries.has('compute')) continue;
    scope.refuse(
      key.at,
      `No compute is set for the step '${name}'.`,
      "Write 'compute' in the step or the pipeline, or 'default_compute' under 'settings' (azureml:<name> or serverless).",
    );
  }
}
