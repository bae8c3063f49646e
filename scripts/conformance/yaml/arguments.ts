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
}

/** Reads `[FOLDER] [--only GLOB] [--kind KIND] [--show FILE]`; ends the process in words where they make no sense. */
export function readArguments(): Arguments {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { only: { type: 'string' }, kind: { type: 'string' }, show: { type: 'string' } },
  });
  const folder = path.resolve(positionals[0] ?? EXAMPLES);
  if (!existsSync(folder)) refuse(`There is no folder ${folder}; name one with Azure ML YAML files.`);
  const { only, kind, show } = values;
  return { folder, only, kind, show };
}

function refuse(why: string): never {
  process.stderr.write(`${why}\n`);
  process.exit(2);
}
