import { Problem } from '../../../../../shared/problem/index.ts';
import { outputUri } from '../outputs.ts';
import type { Json } from '../records/index.ts';
import { type Assets, parseReference } from '../references/index.ts';
import { literalText, mapRecord, optional, recordOf, textOf } from '../json.ts';
import { inputsOf, type JobInput, type JobOutput, outputsOf } from '../specification.ts';
import { bindingsIn } from './bindings.ts';

/** A step before its bindings are followed. */
export interface PipelineStep {
  readonly name: string;
  readonly type: string;
  /** The step as it was submitted, in snake case. */
  readonly node: Json;
  /** The component it runs, or of a sweep the trial's. */
  readonly component: Json;
  readonly inputs: Readonly<Record<string, JobInput>>;
  readonly outputs: Readonly<Record<string, JobOutput & { readonly binding?: string }>>;
  /** Steps that must have ended before. */
  readonly after: readonly string[];
}

/** A graph of steps with what goes in and comes out. */
export interface PipelineSpecification {
  readonly steps: readonly PipelineStep[];
  readonly inputs: Readonly<Record<string, JobInput>>;
  /** Outputs of the pipeline with the address each goes to. */
  readonly outputs: Readonly<Record<string, JobOutput>>;
  readonly continueOnStepFailure: boolean;
  readonly defaultDatastore?: string;
}

/** Reads the `properties` of a pipeline job. */
export function pipelineSpecification(job: string, properties: Json, assets: Assets): PipelineSpecification {
  const component = textOf(properties['componentId']);
  const whole = component === undefined ? {} : componentOf(component, assets);
  return graphOf({
    owner: job,
    nodes: recordOf(properties['jobs'] ?? whole['jobs']),
    inputs: { ...defaultsOf(whole['inputs']), ...inputsOf(properties['inputs']) },
    outputs: { ...componentOutputs(whole['outputs']), ...outputsOf(properties['outputs']) },
    settings: recordOf(properties['settings']),
    assets,
  });
}

export interface GraphParts {
  /** The run whose outputs these are. */
  readonly owner: string;
  readonly nodes: Json;
  readonly inputs: Readonly<Record<string, JobInput>>;
  readonly outputs: Readonly<Record<string, JobOutput>>;
  readonly settings: Json;
  readonly assets: Assets;
}

export function graphOf({
  owner,
  nodes,
  inputs,
  outputs,
  settings,
  assets,
}: GraphParts): PipelineSpecification {
  const steps = Object.entries(nodes).map(([name, node]) => stepOf(name, recordOf(node), assets));
  checkGraph(steps);
  const datastore = textOf(settings['default_datastore'])
    ?.split('/')
    .at(-1)
    ?.replace(/^azureml:/, '');
  const addressed = Object.entries(outputs).map(([name, output]) => [
    name,
    { ...output, uri: outputUri(owner, name, output, datastore) },
  ]);
  return {
    steps,
    inputs,
    outputs: Object.fromEntries(addressed),
    continueOnStepFailure: settings['continue_on_step_failure'] !== false,
    ...(datastore === undefined ? {} : { defaultDatastore: datastore }),
  };
}

function stepOf(name: string, node: Json, assets: Assets): PipelineStep {
  const type = (textOf(node['type']) ?? 'command').toLowerCase();
  const trial = recordOf(node['trial']);
  const id = textOf(node['componentId']) ?? textOf(trial['componentId']) ?? textOf(node['trial']);
  if (id === undefined)
    throw new Problem({ code: 'input', message: `The pipeline step '${name}' has no component.` });
  const component = componentOf(id, assets);
  const inputs = { ...defaultsOf(component['inputs']), ...stepInputs(node['inputs'], component) };
  const outputs = { ...componentOutputs(component['outputs']), ...stepOutputs(node['outputs'], component) };
  const values = Object.values(inputs).flatMap((input) => input.value ?? input.uri ?? []);
  const after = values
    .flatMap(bindingsIn)
    .flatMap((binding) => (binding.kind === 'step-output' ? binding.step : []));
  return { name, type, node, component, inputs, outputs, after: [...new Set(after)] };
}

/** The specification of a registered or anonymous component. */
function componentOf(id: string, assets: Assets): Json {
  const reference = parseReference(id, 'components');
  const found = reference.kind === 'asset' ? assets.component(reference) : undefined;
  if (found) return found;
  throw new Problem({
    code: 'not-found',
    message: `The component '${id}' was not found in the workspace.`,
    next:
      reference.kind === 'registry'
        ? 'Register the component in the workspace.'
        : 'Check its name and version.',
  });
}

/** Values of a component's inputs when nothing is given. */
function defaultsOf(inputs: unknown): Record<string, JobInput> {
  const all = mapRecord(inputs, (input) => literalText(input['default']));
  const given = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, { type: 'literal', value }] as const],
  );
  return Object.fromEntries(given);
}

function componentOutputs(outputs: unknown): Record<string, JobOutput> {
  return mapRecord(outputs, (output) => ({
    type: textOf(output['type'])?.toLowerCase() ?? 'uri_folder',
    ...(textOf(output['mode']) ? { mode: textOf(output['mode']) ?? '' } : {}),
  }));
}

/** Steps write members in snake case; a bare value is a literal, the address of an asset, or a binding. */
function stepInputs(inputs: unknown, component: Json): Record<string, JobInput> {
  const declared = mapRecord(component['inputs'], (input) => assetType(input['type']));
  return Object.fromEntries(
    Object.entries(recordOf(inputs)).map(([name, value]) => [name, stepInput(value, declared[name])]),
  );
}

function stepInput(value: unknown, declared: string | undefined): JobInput {
  const input = recordOf(value);
  const text = literalText(input['value']) ?? (typeof value === 'object' ? undefined : literalText(value));
  const given = assetType(input['job_input_type']);
  const type = given ?? declared ?? 'literal';
  const uri = textOf(input['uri']) ?? textOf(input['path']) ?? (type === 'literal' ? undefined : text);
  return {
    type,
    ...optional('value', type === 'literal' ? text : undefined),
    ...optional('uri', uri),
    ...optional('mode', textOf(input['mode'])),
  };
}

/** Components call literals by their own types: string, integer, number, boolean. */
function assetType(type: unknown): string | undefined {
  const word = textOf(type)?.toLowerCase();
  return word !== undefined && /^(?:uri_|mltable$|.*_model$)/.test(word) ? word : undefined;
}

function stepOutputs(outputs: unknown, component: Json): Record<string, JobOutput & { binding?: string }> {
  const declared = componentOutputs(component['outputs']);
  const entries = Object.entries(recordOf(outputs)).map(([name, value]) => {
    const output = recordOf(value);
    const binding = literalText(output['value']) ?? (typeof value === 'string' ? value : undefined);
    const own = {
      type: textOf(output['job_output_type'])?.toLowerCase() ?? declared[name]?.type ?? 'uri_folder',
      ...((textOf(output['uri']) ?? textOf(output['path']))
        ? { uri: textOf(output['uri']) ?? textOf(output['path']) ?? '' }
        : {}),
      ...(textOf(output['mode']) ? { mode: textOf(output['mode']) ?? '' } : {}),
      ...(textOf(output['name']) ? { assetName: textOf(output['name']) ?? '' } : {}),
      ...(textOf(output['version']) ? { assetVersion: textOf(output['version']) ?? '' } : {}),
    };
    return [name, { ...own, ...(binding === undefined ? {} : { binding }) }] as const;
  });
  return Object.fromEntries(entries);
}

/** Every step that is referred to exists, and none waits for itself. */
function checkGraph(steps: readonly PipelineStep[]): void {
  const byName = new Map(steps.map((step) => [step.name, step]));
  for (const step of steps) {
    const unknown = step.after.find((name) => !byName.has(name));
    if (unknown !== undefined)
      throw wrong(
        `The step '${step.name}' takes an output of '${unknown}', and the pipeline has no such step.`,
      );
  }
  const done = new Set<string>();
  for (;;) {
    const ready = steps.filter((step) => !done.has(step.name) && step.after.every((name) => done.has(name)));
    if (ready.length === 0) break;
    ready.forEach((step) => done.add(step.name));
  }
  const left = steps.filter((step) => !done.has(step.name)).map((step) => `'${step.name}'`);
  if (left.length > 0) throw wrong(`The steps ${left.join(', ')} wait for each other in a circle.`);
}

function wrong(message: string): Problem {
  return new Problem({ code: 'input', message, next: 'Correct the bindings of the pipeline.' });
}
