import { INPUT_TYPES } from '../jobs/readInputs.ts';

/** The service's spelling of an input's or output's type; callers write it in any case, with or without underscores. */
export function typeOf(text: string): (typeof INPUT_TYPES)[number] | undefined {
  return INPUT_TYPES.find((type) => bare(type) === bare(text));
}

function bare(text: string): string {
  return text.replaceAll('_', '').toLowerCase();
}
