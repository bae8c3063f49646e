import { existsSync } from 'node:fs';
import path from 'node:path';
import { readJson, writeJson } from '../record/save.ts';

/** `counter(prefix, seed)` of one pipeline: counts on from run to run. */
export function countersIn(runsFolder: string, pipeline: string): (prefix: string, seed: number) => number {
  const file = path.join(runsFolder, '.counters.json');
  return (prefix, seed) => {
    const key = `${pipeline} ${prefix}`;
    const all = existsSync(file) ? numbersIn(readJson(file)) : new Map<string, number>();
    const next = Math.max((all.get(key) ?? seed - 1) + 1, seed);
    writeJson(file, Object.fromEntries(all.set(key, next)));
    return next;
  };
}

function numbersIn(json: unknown): Map<string, number> {
  const entries = typeof json === 'object' && json !== null ? Object.entries(json) : [];
  return new Map(entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
}
