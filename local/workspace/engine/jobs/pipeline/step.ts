import { Problem } from '../../../../../shared/problem/index.ts';
import { outputUri } from '../outputs.ts';
import type { JobInput, JobOutput } from '../specification.ts';
import { bindingOf, filledText } from './bindings.ts';
import type { PipelineSpecification, PipelineStep } from './specification.ts';

/** Addresses of the outputs of the steps that have a run, by step and output. */
export type StepOutputs = ReadonlyMap<string, Readonly<Record<string, JobOutput>>>;

/** A step's inputs with every binding followed. */
export function boundInputs(
  step: PipelineStep,
  pipeline: PipelineSpecification,
  done: StepOutputs,
): Record<string, JobInput> {
  const bound = Object.entries(step.inputs).map(
    ([name, input]) => [name, boundInput(step, name, input, pipeline, done)] as const,
  );
  return Object.fromEntries(
    bound.filter((entry): entry is readonly [string, JobInput] => entry[1] !== undefined),
  );
}

function boundInput(
  step: PipelineStep,
  name: string,
  input: JobInput,
  pipeline: PipelineSpecification,
  done: StepOutputs,
): JobInput | undefined {
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
        throw noOutput(step.name, name, `'${binding.step}' has no output '${binding.output}'`);
      return { type: output.type, uri: output.uri, ...mode };
    }
    case 'output':
      throw noOutput(step.name, name, 'an input cannot be bound to an output of the pipeline');
  }
}

/** A step's outputs, each with its address: the pipeline's where it is bound to one of its outputs. */
export function boundOutputs(
  step: PipelineStep,
  runId: string,
  pipeline: PipelineSpecification,
): Record<string, JobOutput> {
  const bound = Object.entries(step.outputs).map(([name, { binding: text, ...output }]) => {
    const binding = text === undefined ? undefined : bindingOf(text);
    const parent = binding?.kind === 'output' ? pipeline.outputs[binding.name] : undefined;
    if (binding?.kind === 'output' && !parent)
      throw noOutput(step.name, name, `the pipeline has no output '${binding.name}'`);
    return [
      name,
      parent
        ? { ...output, ...parent }
        : { ...output, uri: outputUri(runId, name, output, pipeline.defaultDatastore) },
    ] as const;
  });
  return Object.fromEntries(bound);
}

function noOutput(step: string, name: string, why: string): Problem {
  return new Problem({
    code: 'input',
    message: `'${name}' of the pipeline step '${step}' leads nowhere: ${why}.`,
    next: 'Correct the bindings of the pipeline.',
  });
}
