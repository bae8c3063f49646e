import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** A published job, and why it cannot be run from what the handbook holds of it. */
export interface Example {
  readonly name: string;
  readonly file: string;
  /** Absent when it needs neither local files nor data from outside. */
  readonly leftOut?: string;
}

const folder = fileURLToPath(new URL('../../../../shared/azureml-yaml/cli/jobs/basics/', import.meta.url));

/** Every job of the folder of basics, in the order of their names. */
export function publishedExamples(): Example[] {
  if (!existsSync(folder))
    throw new Error(`The published examples are not there: ${folder}. They come with the handbook.`);
  const files = readdirSync(folder).filter((name) => name.endsWith('.yml'));
  return files.sort().map((name) => {
    const file = path.join(folder, name);
    const leftOut = whyNot(parse(readFileSync(file, 'utf8')));
    return { name: name.replace(/\.yml$/, ''), file, ...(leftOut === undefined ? {} : { leftOut }) };
  });
}

/** What an example needs that is not in its file; undefined when there is nothing. */
function whyNot(job: unknown): string | undefined {
  const reasons = [...new Set(needs(job))];
  return reasons.length === 0 ? undefined : reasons.join('; ');
}

function needs(value: unknown, key = ''): string[] {
  if (typeof value === 'string') return needOf(key, value) ?? [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => needs(member, name));
}

function needOf(key: string, text: string): string[] | undefined {
  if (key === 'code') return [`local code (\`${text}\`)`];
  if (/^(?:https?|wasbs?|abfss?):\/\//.test(text))
    return key === '$schema' ? [] : [`data from outside (\`${text}\`)`];
  if (key !== 'path' || text.includes('${{')) return [];
  if (text.startsWith('azureml:')) return [`data of the workspace's owner (\`${text}\`)`];
  return [`local files (\`${text}\`)`];
}
