import type { Draft, DraftMap } from '../../compilation.ts';
import { draft } from '../../draft.ts';
import { integer, oneOf, text } from '../../fields/basic.ts';
import { listOf, members } from '../../fields/collections.ts';
import { mapped, required, type Field } from '../../fields/field.ts';
import { componentCode } from '../../references/code.ts';
import { hasBinding } from '../../references/paths.ts';
import { prefixed } from '../component/spec.ts';
import { environment } from '../environment.ts';
import { bindable } from '../pipeline/binding.ts';

const shape = {
  type: required(oneOf(['run_function', 'model', 'function'])),
  code: componentCode,
  entry_script: text,
  program_arguments: text,
  model: text,
  append_row_to: text,
  environment: required(environment),
};

/** What is run on each mini batch; kept in the file's own words, ids written with `azureml:` in front. */
const task: Field<DraftMap> = {
  expected: 'a mapping with type, entry_script and environment',
  read(node, scope) {
    const read = members(node, scope, shape, { open: true });
    return (
      read &&
      draft({
        ...read,
        code: read.code === undefined ? undefined : prefixed(read.code),
        environment: read.environment === undefined ? undefined : prefixed(read.environment),
      })
    );
  },
};

const retrySettings: Field<DraftMap> = {
  expected: 'a mapping with timeout and max_retries',
  read(node, scope) {
    const shape = { timeout: bindable(integer), max_retries: bindable(integer) };
    const read = members(node, scope, shape, { open: true });
    return read && draft(read);
  },
};

const UNITS: Readonly<Record<string, number>> = { kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };

/** How much goes into one mini batch: files, or bytes as `10kb`, `2mb`, `1gb`. */
const miniBatchSize: Field<number | string> = mapped(text, (given, node, scope) => {
  if (hasBinding(given)) return given;
  const [, count, unit] = /^(\d+)(kb|mb|gb)?$/i.exec(given) ?? [];
  if (count !== undefined) return Number(count) * (UNITS[unit?.toLowerCase() ?? ''] ?? 1);
  return scope.refuse(node.at, `${scope.subject()} must be a number of files or a size as 10kb, 2mb or 1gb.`);
});

/** What a parallel step and a parallel component share; a step may bind counts to inputs of the pipeline. */
export function parallelShape(count: Field<Draft>) {
  return {
    task,
    input_data: text,
    mini_batch_size: miniBatchSize,
    partition_keys: listOf(text),
    logging_level: oneOf(['DEBUG', 'INFO', 'WARNING'], { exactCase: true }),
    max_concurrency_per_instance: count,
    error_threshold: count,
    mini_batch_error_threshold: count,
    retry_settings: retrySettings,
  };
}

/** Keys as the service takes them: a JSON list as text. */
export function partitionKeys(keys: readonly string[] | undefined): string | undefined {
  return keys && `[${keys.map((key) => JSON.stringify(key)).join(', ')}]`;
}
