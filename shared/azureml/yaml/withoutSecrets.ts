import { Secret, type Compilation, type Draft, type DraftMap } from './compilation.ts';
import { isDraftMap, mapValues } from './draft.ts';

/** The same compilation to be shown: where a secret stood, it says so. */
export function withoutSecrets(compilation: Compilation): Compilation {
  return { ...compilation, body: shownMap(compilation.body) };
}

function shownMap(map: DraftMap): DraftMap {
  return mapValues(map, shown);
}

function shown(value: Draft): Draft {
  if (value instanceof Secret) return String(value);
  if (Array.isArray(value)) return value.map(shown);
  return isDraftMap(value) ? shownMap(value) : value;
}
