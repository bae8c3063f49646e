import type { Draft, DraftMap } from '../../compilation.ts';
import type { YamlMap, YamlNode } from '../../document/node.ts';
import { draft, mapValues } from '../../draft.ts';
import { boolean, jsonOf, oneOf, text } from '../../fields/basic.ts';
import { mapOf, members } from '../../fields/collections.ts';
import { mapped, type Field } from '../../fields/field.ts';
import type { Scope } from '../../fields/scope.ts';
import { defaultCompute } from '../../references/compute.ts';
import { isArmId, named } from '../../references/ids.ts';
import { PORT_NAME } from '../component/ports.ts';
import { baseShape, READ_ONLY, restBase } from '../job/base.ts';
import type { JobReading } from '../job/command.ts';
import { jobInput, jobInputs } from '../job/inputs.ts';
import { jobOutput, restOutput } from '../job/outputs.ts';
import { jobsField } from './component.ts';
import { typesOfInputs } from './portTypes.ts';
import { newShelf } from './readers.ts';
import { isEmpty } from './step.ts';
import { NO_STEPS, pipelineSteps } from './steps.ts';
import { lackingIn, wholeInputs, wholeOutputs, wholePipeline, wordsOf } from './whole.ts';

const datastore: Field<Draft> = mapped(text, (name, node, scope) =>
  name.startsWith('azureml:') || isArmId(name)
    ? named(name, 'datastores', node)
    : scope.refuse(node.at, `${scope.subject()} must be azureml:<datastore>, not '${name}'.`),
);

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
    const others = [...node.entries].filter(([key, { value }]) => !(key in shape) && !isEmpty(value));
    return draft({ ...Object.fromEntries(others.map(([key, { value }]) => [key, jsonOf(value)])), ...read });
  },
};

/** What stands here is read with the components. */
const anyNode: Field<YamlNode> = { expected: 'a component', read: (node) => node };

const shape = {
  ...baseShape,
  type: oneOf(['pipeline'], { exactCase: true }),
  settings,
  inputs: mapOf(jobInput),
  outputs: mapOf(jobOutput),
  jobs: jobsField,
  component: anyNode,
};

/** A pipeline job's file as the `properties` of its request. */
export function pipelineJob(node: YamlNode, scope: Scope): JobReading | undefined {
  const read = members(node, scope, shape, { ignored: READ_ONLY });
  if (!read || node.kind !== 'map') return undefined;
  const source = node.entries.get('component')?.value;
  if (source && read.jobs) {
    scope.refuse(source.at, "A pipeline has either 'jobs' or 'component', not both.");
  }
  const shelf = newShelf();
  const component = source && wholePipeline(source, scope.member('component'), shelf);
  if (source && !component) return undefined;
  const given = Object.fromEntries(Object.entries(read.inputs ?? {}).filter(([, input]) => !isBlank(input)));
  const inputs = jobInputs(given, node.entries.get('inputs')?.value, scope, PORT_NAME);
  const outputs = read.outputs ?? {};
  const steps = read.jobs
    ? pipelineSteps(read.jobs, scope.member('jobs'), { inputs: typesOfInputs(given), outputs, shelf })
    : NO_STEPS;
  const hasCompute = read.compute !== undefined || read.settings?.['default_compute'] !== undefined;
  if (!hasCompute) requireComputes([...steps.lacking, ...lackingIn(component)], node, scope);
  const words = wordsOf(component);
  const properties = draft({
    jobType: 'Pipeline',
    ...restBase({
      ...read,
      description: read.description ?? words.description,
      display_name: read.display_name ?? words.display_name,
    }),
    computeId: read.compute,
    componentId: component?.id,
    jobs: steps.nodes,
    settings: { _source: component ? 'REMOTE.WORKSPACE.JOB' : 'YAML.JOB', ...read.settings },
    inputs: component ? wholeInputs(inputs, component, { node, scope }) : inputs,
    outputs: { ...wholeOutputs(component), ...mapValues(outputs, restOutput) },
  });
  return { name: read.name, properties };
}

/** The service refuses inputs without a value, so they are left out. */
function isBlank(input: { readonly kind: string; readonly value?: string }): boolean {
  return input.kind === 'literal' && input.value === '';
}

function requireComputes(paths: readonly string[], node: YamlMap, scope: Scope): void {
  const jobs = node.entries.get('jobs')?.value;
  for (const path of paths) {
    const [step = ''] = path.split('.');
    const at = jobs?.kind === 'map' ? jobs.entries.get(step)?.key.at : undefined;
    scope.refuse(
      at ?? node.at,
      `No compute is set for the step '${path}'.`,
      "Write 'compute' in the step or the pipeline, or 'default_compute' under 'settings' (azureml:<name> or serverless).",
    );
  }
}
