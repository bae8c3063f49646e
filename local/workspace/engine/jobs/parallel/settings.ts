import { Problem } from '../../../../../shared/problem/index.ts';
import { optional, recordOf, textOf } from '../json.ts';
import type { Json } from '../records/index.ts';

/** How a parallel step cuts its input into mini-batches and what it forgives; the driver reads it as JSON. */
export interface ParallelSettings {
  readonly entryScript: string;
  /** Whether the input is a table, cut into data frames instead of lists of files. */
  readonly table: boolean;
  /** Files in one mini-batch, or about so many bytes of a table. */
  readonly miniBatchSize: number;
  /** Columns of a table: the rows of one mini-batch agree in them. */
  readonly partitionKeys: readonly string[];
  /** Processes side by side. */
  readonly workers: number;
  /** Times a failed mini-batch is tried again. */
  readonly maxRetries: number;
  readonly timeoutInSeconds: number;
  /** Items, and mini-batches, that may fail; -1 forgives all. */
  readonly errorThreshold: number;
  readonly miniBatchErrorThreshold: number;
  /** Name of the file with the rows, where the output they go to is a folder. */
  readonly rowsFile: string;
  /** `info`, `warning` or `debug`: how much the driver tells. */
  readonly loggingLevel: string;
  /** The input that holds the model of a batch deployment, and the name of the model's folder. */
  readonly model?: string;
  readonly modelFolder?: string;
  /** The output that scripts of a batch deployment may write files of their own to. */
  readonly output?: string;
}

const DEFAULT_BYTES = 1024 * 1024;
const UNITS: Readonly<Record<string, number>> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 };
const DEFAULT_RETRIES = 2;
const DEFAULT_TIMEOUT_IN_SECONDS = 60;
const DEFAULT_ROWS_FILE = 'parallel_run_step.txt';

/** Reads a step and its component; what the step says wins. */
export function parallelSettings(
  step: string,
  node: Json,
  component: Json,
  table: boolean,
): ParallelSettings {
  const said = (member: string): unknown => node[member] ?? component[member];
  const retry = { ...recordOf(component['retry_settings']), ...recordOf(node['retry_settings']) };
  const resources = recordOf(said('resources'));
  const nodes = count(resources['instance_count']) ?? 1;
  const partitionKeys = keysIn(said('partition_keys'));
  if (partitionKeys.length > 0 && !table)
    throw refused(step, 'partition_keys', 'Give mini_batch_size, or an mltable with the mode direct');
  const task = taskOf(node, component);
  const size = component['mini_batch_size'] ?? node['mini_batch_size'];
  return {
    entryScript: textOf(task['entry_script']) ?? missing(step, 'task.entry_script'),
    table,
    partitionKeys,
    miniBatchSize: table ? byteCount(step, size) : fileCount(step, size),
    workers: nodes * (count(said('max_concurrency_per_instance')) ?? 1),
    maxRetries: whole(retry['max_retries']) ?? DEFAULT_RETRIES,
    timeoutInSeconds: count(retry['timeout']) ?? DEFAULT_TIMEOUT_IN_SECONDS,
    errorThreshold: whole(said('error_threshold')) ?? -1,
    miniBatchErrorThreshold: whole(said('mini_batch_error_threshold')) ?? -1,
    rowsFile: textOf(task['append_row_file']) ?? DEFAULT_ROWS_FILE,
    loggingLevel: (textOf(said('logging_level')) ?? 'info').toLowerCase(),
    ...optional('model', memberOf(textOf(task['model']), 'inputs')),
    ...optional('modelFolder', textOf(task['model_folder'])),
    ...optional('output', memberOf(textOf(said('output_data')), 'outputs')),
  };
}

/** The task of a parallel step, with what its component says where the step is silent. */
export function taskOf(node: Json, component: Json): Json {
  return { ...recordOf(component['task']), ...recordOf(node['task']) };
}

/** The name in `${{inputs.x}}`. */
export function memberOf(text: string | undefined, group: 'inputs' | 'outputs'): string | undefined {
  return text === undefined
    ? undefined
    : new RegExp(`^\\s*\\$\\{\\{\\s*${group}\\.([^}\\s]+)\\s*\\}\\}\\s*$`).exec(text)?.[1];
}

/** Sizes in bytes are for tables, which have rows to count. */
function fileCount(step: string, value: unknown): number {
  if (value === undefined || value === null) return 1;
  const number = count(value);
  if (number !== undefined) return number;
  throw refused(step, `mini_batch_size '${String(value)}'`, 'Give a number of files');
}

/** A number of bytes, or with a unit such as `10kb`. */
function byteCount(step: string, value: unknown): number {
  if (value === undefined || value === null) return DEFAULT_BYTES;
  const [, number, unit = ''] = /^\s*(\d+)\s*([kmg]?)b?\s*$/i.exec(String(value)) ?? [];
  if (number !== undefined && Number(number) > 0) return Number(number) * (UNITS[unit.toLowerCase()] ?? 1);
  throw new Problem({
    code: 'input',
    message: `The mini_batch_size '${String(value)}' of the parallel step '${step}' is no size of a part of a table.`,
    next: "Give bytes, or a number with a unit such as '10kb' or '1mb'.",
  });
}

/** The Python client sends a list as JSON text. */
function keysIn(value: unknown): readonly string[] {
  if (typeof value !== 'string') return Array.isArray(value) ? value.map(String) : [];
  const list: unknown = value.startsWith('[') ? JSON.parse(value) : [value];
  return Array.isArray(list) ? list.map(String).filter(Boolean) : [];
}

function count(value: unknown): number | undefined {
  const number = whole(value);
  return number !== undefined && number > 0 ? number : undefined;
}

function whole(value: unknown): number | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const number = Number(value);
  return Number.isInteger(number) ? number : undefined;
}

function refused(step: string, what: string, next: string): Problem {
  return new Problem({
    code: 'unsupported',
    message: `The parallel step '${step}' asks for ${what}, which cuts tables, and its input is one of files.`,
    next: `${next}.`,
  });
}

function missing(step: string, member: string): never {
  throw new Problem({ code: 'input', message: `The parallel step '${step}' has no '${member}'.` });
}
