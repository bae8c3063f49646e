/** The service's spellings of what goes in and comes out of a job; callers write them in any case, with or without underscores. */
const TYPES = [
  'literal',
  'uri_file',
  'uri_folder',
  'mltable',
  'custom_model',
  'mlflow_model',
  'triton_model',
] as const;

export function typeOf(text: string): (typeof TYPES)[number] | undefined {
  return TYPES.find((type) => bare(type) === bare(text));
}

function bare(text: string): string {
  return text.replaceAll('_', '').toLowerCase();
}
