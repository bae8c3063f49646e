import type { Draft, DraftMap } from '../../compilation.ts';
import type { YamlNode } from '../../document/node.ts';
import { draft, seconds } from '../../draft.ts';
import { integer, oneOf, text } from '../../fields/basic.ts';
import { record, type Members } from '../../fields/collections.ts';
import { mapped, type Field } from '../../fields/field.ts';
import type { Scope } from '../../fields/scope.ts';

const ACTIONS = { append_row: 'AppendRow', summary_only: 'SummaryOnly' } as const;

/** Python's names of levels; the three that the service knows, in its own letters. */
const loggingLevel = mapped(
  text,
  (level) => LEVELS.find((known) => known.toLowerCase() === level.toLowerCase()) ?? level,
);
const LEVELS = ['Info', 'Warning', 'Debug'];

const retrySettings: Field<DraftMap> = mapped(record({ max_retries: integer, timeout: integer }), (read) =>
  draft({ maxRetries: read.max_retries, timeout: seconds(read.timeout) }),
);

/** How a batch is cut, tried again and written: in the file itself, or under `settings` of a model deployment. */
export const scoringShape = {
  error_threshold: integer,
  retry_settings: retrySettings,
  mini_batch_size: integer,
  logging_level: loggingLevel,
  output_action: oneOf(['append_row', 'summary_only']),
  output_file_name: text,
  max_concurrency_per_instance: integer,
};

export function scoringBody(
  read: Partial<Members<typeof scoringShape>>,
): Readonly<Record<string, Draft | undefined>> {
  return {
    errorThreshold: read.error_threshold,
    retrySettings: read.retry_settings,
    miniBatchSize: read.mini_batch_size,
    loggingLevel: read.logging_level,
    outputAction: read.output_action && ACTIONS[read.output_action],
    outputFileName: read.output_file_name,
    maxConcurrencyPerInstance: read.max_concurrency_per_instance,
  };
}

/** A summary has no file to name. */
export function checkOutput(read: Partial<Members<typeof scoringShape>>, node: YamlNode, scope: Scope): void {
  if (read.output_action === 'summary_only' && read.output_file_name)
    scope.refuse(
      node.at,
      "With 'output_action: summary_only' there is no file, so leave 'output_file_name' out.",
    );
}
