import { Problem } from '../../../../../shared/problem/index.ts';
import { literalText, textOf } from '../json.ts';
import type { Json } from '../records/index.ts';
import type { CommandSpecification, JobInput, JobOutput } from '../specification.ts';
import { DRIVER } from './driver.ts';
import { memberOf, parallelSettings, taskOf } from './settings.ts';

export interface ParallelStep {
  readonly name: string;
  readonly node: Json;
  readonly component: Json;
  readonly inputs: Readonly<Record<string, JobInput>>;
  readonly outputs: Readonly<Record<string, JobOutput>>;
}

/** The command of a parallel step: a driver of ours that hands mini-batches to the user's entry script. */
export function parallelCommand({ name, node, component, inputs, outputs }: ParallelStep): string {
  const data = memberOf(literalText(node['input_data'] ?? component['input_data']), 'inputs');
  const input = data === undefined ? undefined : inputs[data];
  if (data === undefined || input === undefined) throw wrong(name, 'input_data', 'one of its inputs');
  if (input.type === 'mltable') throw tabular(name, data);
  const task = taskOf(node, component);
  const appendTo = literalText(task['append_row_to']);
  const rows = memberOf(appendTo, 'outputs');
  if (appendTo !== undefined && (rows === undefined || outputs[rows] === undefined))
    throw wrong(name, 'task.append_row_to', 'one of its outputs');
  return [
    'python',
    '"${{support.driver}}"',
    '"${{support.settings}}"',
    `"\${{inputs.${data}}}"`,
    rows === undefined ? '-' : `"\${{outputs.${rows}}}"`,
    textOf(task['program_arguments']) ?? '',
  ].join(' ');
}

/** A command's specification, made that of a parallel step: it takes nodes, and has the driver's files beside it. */
export function parallelSpecification(
  command: CommandSpecification,
  { name, node, component }: ParallelStep,
): CommandSpecification {
  return {
    ...command,
    distribution: { ...command.distribution, kind: 'driver' },
    support: { driver: DRIVER, settings: JSON.stringify(parallelSettings(name, node, component)) },
  };
}

function wrong(step: string, member: string, expected: string): Problem {
  return new Problem({
    code: 'input',
    message: `The '${member}' of the parallel step '${step}' must name ${expected}.`,
    next: 'Correct the step.',
  });
}

function tabular(step: string, input: string): Problem {
  return new Problem({
    code: 'unsupported',
    message: `The parallel step '${step}' cuts the mltable '${input}' into rows, which needs a reader that only Azure has.`,
    next: 'Give a uri_folder of files here, or run the pipeline on Azure.',
  });
}
