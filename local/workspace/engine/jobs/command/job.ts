import type { RunDocument } from '../records/index.ts';
import type { CommandSpecification } from '../specification.ts';

/** One command to run, under the run that shows it. */
export interface CommandJob {
  readonly run: RunDocument;
  readonly specification: CommandSpecification;
}
