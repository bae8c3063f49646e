import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const EXAMPLES = fileURLToPath(new URL('../../../../shared/azureml-yaml', import.meta.url));

export interface Arguments {
  /** Absolute folder of the files to compare. */
  readonly folder: string;
  /** Only files whose path below the folder fits. */
  readonly only: string | undefined;
  readonly kind: string | undefined;
  /** A file whose requests are printed side by side. */
  readonly show: string | undefined;
  /** How many random changes of the files to try instead. */
  readonly mutations: number | undefined;
  /** How many random texts to read with both readers instead. */
  readonly values: number | undefined;
  readonly seed: number;
  readonly record: boolean;
  readonly verbose: boolean;
}

/** Reads the command line; ends the process in words where it makes no sense. */
export function readArguments(): Arguments {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      only: { type: 'string' },
      kind: { type: 'string' },
      show: { type: 'string' },
      mutations: { type: 'string' },
      values: { type: 'string' },
      seed: { type: 'string' },
      record: { type: 'boolean' },
      verbose: { type: 'boolean' },
    },
  });
  const folder = path.resolve(positionals[0] ?? EXAMPLES);
  if (!existsSync(folder)) refuse(`There is no folder ${folder}; name one with Azure ML YAML files.`);
  const { only, kind, show, record = false, verbose = false } = values;
  const mutations = count(values.mutations, 'mutations');
  const texts = count(values.values, 'values');
  const seed = count(values.seed, 'seed') ?? 1;
  return { folder, only, kind, show, mutations, values: texts, seed, record, verbose };
}

function count(text: string | undefined, name: string): number | undefined {
  if (text === undefined || /^\d+$/.test(text)) return text === undefined ? undefined : Number(text);
  return refuse(`--${name} wants a whole number, not '${text}'.`);
}

function refuse(why: string): never {
  process.stderr.write(`${why}\n`);
  process.exit(2);
}
