import { Problem } from '../../../../../shared/problem/index.ts';
import { outputUri } from '../outputs.ts';
import type { Places } from '../references/index.ts';
import type { JobInput, JobOutput } from '../specification.ts';
import { bindingOf, filledText } from './bindings.ts';
import type { PipelineSpecification, PipelineStep } from './model.ts';
import { valueAt } from './values.ts';

/** Addresses of the outputs of the steps that have a run, by step and output. */
export type StepOutputs = ReadonlyMap<string, Readonly<Record<string, JobOutput>>>;

/** What bindings are followed in. */
export interface Surroundings {
  readonly pipeline: PipelineSpecification;
  readonly done: StepOutputs;
  readonly places: Places;
}

/** A step's inputs with every binding followed. */
export async function boundInputs(
  step: PipelineStep,
  around: Surroundings,
): Promise<Record<string, JobInput>> {
  const bound: Record<string, JobInput> = {};
  for (const [name, input] of Object.entries(step.inputs)) {
    const value = await boundInput(step.name, name, input, around);
    if (value !== undefined) bound[name] = value;
  }
  return bound;
}

async function boundInput(
  step: string,
  name: string,
  input: JobInput,
  { pipeline, done, places }: Surroundings,
): Promise<JobInput | undefined> {
  const text = input.value ?? input.uri;
  const binding = text === undefined ? undefined : bindingOf(text);
  const mode = input.mode === undefined ? {} : { mode: input.mode };
  switch (binding?.kind) {
    case undefined:
      return input.value === undefined
        ? input
        : { ...input, value: filledText(input.value, pipeline.inputs) };
    case 'input': {
      const given = pipeline.inputs[binding.name];
      return given && { ...given, ...mode };
    }
    case 'step-output': {
      const output = done.get(binding.step)?.[binding.output];
      if (output?.uri === undefined)
        throw noOutput(step, name, `'${binding.step}' has no output '${binding.output}'`);
      const producer = pipeline.steps.find((candidate) => candidate.name === binding.step);
      if (producer?.primitives.includes(binding.output))
        return { type: 'literal', value: await valueAt(output.uri, places) };
      return { type: output.type, uri: output.uri, ...mode };
    }
    case 'output':
      throw noOutput(step, name, 'an input cannot be bound to an output of the pipeline');
  }
}

/** The value that a binding, or a plain text, stands for. */
export async function boundValue(step: string, text: string, around: Surroundings): Promise<string> {
  const input = await boundInput(step, 'condition', { type: 'literal', value: text }, around);
  if (input?.value !== undefined) return input.value;
  throw noOutput(step, text, 'it must be a number, a text, true or false');
}

/** A step's outputs, each with its address: the pipeline's where it is bound to one of its outputs. */
export function boundOutputs(
  step: PipelineStep,
  runId: string,
  pipeline: PipelineSpecification,
): Record<string, JobOutput> {
  const bound = Object.entries(step.outputs).map(([name, { binding: text, ownAddress, ...output }]) => {
    const parent = boundTo(step, name, text, pipeline);
    const own = { ...output, uri: outputUri(runId, name, output, pipeline.defaultDatastore) };
    const isOwn = ownAddress && !isChosen(text, pipeline);
    return [name, parent ? { ...output, ...parent, ...(isOwn ? { uri: own.uri } : {}) } : own] as const;
  });
  return Object.fromEntries(bound);
}

function isChosen(text: string | undefined, { chosenOutputs: chosen }: PipelineSpecification): boolean {
  const binding = bindingOf(text ?? '');
  return binding?.kind === 'output' && binding.name in chosen;
}

function boundTo(
  step: PipelineStep,
  name: string,
  text: string | undefined,
  pipeline: PipelineSpecification,
): JobOutput | undefined {
  const binding = text === undefined ? undefined : bindingOf(text);
  if (binding?.kind !== 'output') return undefined;
  const parent = pipeline.outputs[binding.name];
  if (!parent) throw noOutput(step.name, name, `the pipeline has no output '${binding.name}'`);
  return parent;
}

/** Addresses of a step's outputs that somebody chose, for the step or for the pipeline's output it is bound to. */
export function chosenOutputs(
  step: Pick<PipelineStep, 'outputs'>,
  pipeline: PipelineSpecification,
): Record<string, string> {
  const bound = new Map(givenOutputs(step).map(({ own, parent }) => [own, parent]));
  const all = Object.entries(step.outputs).map(([name, { uri }]) => {
    const parent = bound.get(name);
    return [name, parent === undefined ? uri : pipeline.chosenOutputs[parent]] as const;
  });
  return Object.fromEntries(
    all.filter((entry): entry is readonly [string, string] => entry[1] !== undefined),
  );
}

/** The pipeline's outputs that a step gives, with the step's names for them. */
export function givenOutputs({
  outputs,
}: Pick<PipelineStep, 'outputs'>): { readonly own: string; readonly parent: string }[] {
  return Object.entries(outputs).flatMap(([own, { binding: text }]) => {
    const binding = text === undefined ? undefined : bindingOf(text);
    return binding?.kind === 'output' ? [{ own, parent: binding.name }] : [];
  });
}

function noOutput(step: string, name: string, why: string): Problem {
  return new Problem({
    code: 'input',
    message: `'${name}' of the pipeline step '${step}' leads nowhere: ${why}.`,
    next: 'Correct the bindings of the pipeline.',
  });
}
