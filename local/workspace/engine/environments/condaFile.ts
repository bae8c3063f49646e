import { parseDocument } from 'yaml';
import { Problem } from '../../../../shared/problem/index.ts';

/** A conda specification as written, before anything is translated. */
export interface CondaFile {
  readonly name: string | undefined;
  readonly channels: readonly string[];
  readonly dependencies: readonly string[];
  /** Lines of the `pip:` list, in pip's own requirements syntax. */
  readonly pip: readonly string[];
}

/** Reads a conda specification; every part that is not as conda has it is named. */
export function parseCondaFile(text: string): CondaFile {
  const document = parseDocument(text, { uniqueKeys: false });
  const fault = document.errors[0];
  if (fault) throw bad(`The conda file is not YAML: ${fault.message.split('\n')[0] ?? ''}`);
  const content: unknown = document.toJS();
  if (!isRecord(content)) throw bad('The conda file is not a mapping with name, channels and dependencies.');
  const dependencies = listOf(content['dependencies'], 'dependencies');
  return {
    name: typeof content['name'] === 'string' ? content['name'] : undefined,
    channels: listOf(content['channels'], 'channels').filter((channel) => typeof channel === 'string'),
    dependencies: dependencies.filter((item) => typeof item === 'string'),
    pip: dependencies.filter((item) => typeof item !== 'string').flatMap(pipLines),
  };
}

function pipLines(item: unknown): string[] {
  const lines = isRecord(item) && Object.keys(item).length === 1 ? item['pip'] : undefined;
  if (lines === null) return [];
  if (!Array.isArray(lines))
    throw bad(
      `The conda file has a dependency that is neither a name nor a pip list: ${JSON.stringify(item)}.`,
    );
  return lines.map((line: unknown) => {
    if (typeof line === 'string') return line.trim();
    throw bad(`The conda file's pip list has an entry that is not text: ${JSON.stringify(line)}.`);
  });
}

function listOf(value: unknown, key: string): unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw bad(`The conda file's '${key}' is not a list.`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function bad(message: string): Problem {
  return new Problem({ code: 'file', message, next: 'Correct the conda file of the environment.' });
}
