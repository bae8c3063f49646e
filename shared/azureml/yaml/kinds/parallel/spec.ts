import type { Draft, DraftMap } from '../../compilation.ts';
import { draft } from '../../draft.ts';
import { nonEmpty, specResources } from '../component/spec.ts';
import type { Resources } from '../job/settings.ts';
import { partitionKeys } from './settings.ts';

interface ParallelParts {
  readonly task: DraftMap | undefined;
  readonly input_data: string | undefined;
  readonly mini_batch_size: number | string | undefined;
  readonly partition_keys: readonly string[] | undefined;
  readonly logging_level: string | undefined;
  readonly max_concurrency_per_instance: Draft | undefined;
  readonly error_threshold: Draft | undefined;
  readonly mini_batch_error_threshold: Draft | undefined;
  readonly retry_settings: DraftMap | undefined;
  readonly resources: Resources | undefined;
}

/** The members that only a parallel component's specification has. */
export function parallelSpec(parts: ParallelParts): DraftMap {
  const size = parts.mini_batch_size;
  return draft({
    task: parts.task,
    input_data: parts.input_data,
    // What is bound to an input of the pipeline is known to the step only.
    mini_batch_size: typeof size === 'number' ? String(size) : '0',
    partition_keys: parts.partition_keys?.length ? partitionKeys(parts.partition_keys) : undefined,
    logging_level: parts.logging_level,
    max_concurrency_per_instance: counted(parts.max_concurrency_per_instance),
    error_threshold: counted(parts.error_threshold),
    mini_batch_error_threshold: counted(parts.mini_batch_error_threshold),
    retry_settings: parts.retry_settings,
    resources: parts.resources && nonEmpty(specResources(parts.resources)),
  });
}

function counted(value: Draft | undefined): Draft | undefined {
  return typeof value === 'number' ? value : undefined;
}
