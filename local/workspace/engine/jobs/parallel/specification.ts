import { Problem } from '../../../../../shared/problem/index.ts';
import { isEvaluated, TABLE_MODE } from '../command/evaluated.ts';
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
  const { data } = dataOf({ name, node, component, inputs, outputs });
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
  step: ParallelStep,
): CommandSpecification {
  const { name, node, component } = step;
  const { data, input } = dataOf(step);
  const isTable = input.type === 'mltable' && !isEvaluated(input.type, input.mode);
  return {
    ...command,
    inputs: isTable ? { ...command.inputs, [data]: { ...input, mode: TABLE_MODE } } : command.inputs,
    distribution: { ...command.distribution, kind: 'driver' },
    support: { driver: DRIVER, settings: JSON.stringify(parallelSettings(name, node, component, isTable)) },
  };
}

/** The input that is cut. */
function dataOf({ name, node, component, inputs }: ParallelStep): { data: string; input: JobInput } {
  const data = memberOf(literalText(node['input_data'] ?? component['input_data']), 'inputs');
  const input = data === undefined ? undefined : inputs[data];
  if (data === undefined || input === undefined) throw wrong(name, 'input_data', 'one of its inputs');
  return { data, input };
}

function wrong(step: string, member: string, expected: string): Problem {
  return new Problem({
    code: 'input',
    message: `The '${member}' of the parallel step '${step}' must name ${expected}.`,
    next: 'Correct the step.',
  });
}
