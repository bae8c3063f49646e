import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Writes a JSON file so that a reader, or the next start after a kill, sees the old or the new one and never half of it. */
export function writeJson(file: string, value: unknown, mode = 0o644): void {
  const next = `${file}.next`;
  writeFileSync(next, `${JSON.stringify(value, undefined, 2)}\n`, { mode });
  renameSync(next, file);
}

export function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
