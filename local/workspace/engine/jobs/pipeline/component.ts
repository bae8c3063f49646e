import { Problem } from '../../../../../shared/problem/index.ts';
import { literalText, mapRecord, recordOf, textOf } from '../json.ts';
import type { Json } from '../records/index.ts';
import { type Assets, parseReference, placeOf } from '../references/index.ts';
import type { JobInput, JobOutput } from '../specification.ts';

/** Types of components whose outputs are one value in a file. */
const PRIMITIVES = ['string', 'number', 'integer', 'boolean'];

/** The specification of a registered or anonymous component. */
export function componentOf(id: string, assets: Assets): Json {
  const reference = parseReference(id, 'components');
  const found = reference.kind === 'asset' ? assets.component(reference) : undefined;
  if (found) return found;
  throw new Problem({
    code: 'not-found',
    message: `The component ${reference.kind === 'asset' ? placeOf(reference) : `'${id}' was not found in the workspace`}.`,
    next: 'Check its name and version.',
  });
}

/** Values of a component's inputs when nothing is given. */
export function defaultsOf(inputs: unknown): Record<string, JobInput> {
  const all = mapRecord(inputs, (input) => literalText(input['default']));
  const given = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, { type: 'literal', value }] as const],
  );
  return Object.fromEntries(given);
}

export function componentOutputs(outputs: unknown): Record<string, JobOutput> {
  return mapRecord(outputs, (output) => ({
    type: outputType(output['type']),
    ...(textOf(output['mode']) ? { mode: textOf(output['mode']) ?? '' } : {}),
  }));
}

/** Names of the outputs that are one value. */
export function primitiveOutputs(component: Json): string[] {
  const outputs = Object.entries(recordOf(component['outputs']));
  return outputs.filter(([, output]) => isPrimitive(recordOf(output)['type'])).map(([name]) => name);
}

/** Components call literals by their own types: string, integer, number, boolean. */
export function assetType(type: unknown): string | undefined {
  const word = textOf(type)?.toLowerCase();
  return word !== undefined && /^(?:uri_|mltable$|.*_model$)/.test(word) ? word : undefined;
}

function outputType(type: unknown): string {
  return isPrimitive(type) ? 'uri_file' : (textOf(type)?.toLowerCase() ?? 'uri_folder');
}

function isPrimitive(type: unknown): boolean {
  return PRIMITIVES.includes(textOf(type)?.toLowerCase() ?? '');
}
