import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { PythonProgram } from './process.ts';
import { ourValue, type Typed } from './values.ts';
import { yamlTexts } from './yamlTexts.ts';

const RECORD = fileURLToPath(new URL('../../../tests/shared/azureml/yaml/pyyaml.json', import.meta.url));
const RECORDED = 300;

/** A text, and what PyYAML makes of it. */
export type Reading = readonly [text: string, value: Typed];

export interface ValueOptions {
  readonly count: number;
  readonly seed: number;
  /** Keeps the first readings for the tests, which have no PyYAML. */
  readonly record: boolean;
}

/** Reads random texts with PyYAML and with ours; answers with a line for each that comes out different. */
export async function compareValues(python: string, options: ValueOptions): Promise<string[]> {
  const readings = await readingsOf(python, options);
  if (options.record)
    writeFileSync(
      RECORD,
      `[\n${readings
        .slice(0, RECORDED)
        .map((one) => JSON.stringify(one))
        .join(',\n')}\n]\n`,
    );
  return readings.flatMap(([text, reference]) => {
    const ours = ourValue(text);
    if (isSameValue(reference, ours)) return [];
    return [`${JSON.stringify(text)}: reference ${JSON.stringify(reference)}, ours ${JSON.stringify(ours)}`];
  });
}

async function readingsOf(python: string, { count, seed }: ValueOptions): Promise<Reading[]> {
  const program = new PythonProgram(python, 'values.py');
  try {
    const texts = [...new Set(fc.sample(yamlTexts, { numRuns: count, seed }))];
    return await Promise.all(
      texts.map(async (text): Promise<Reading> => [text, (await program.ask(text)) as Typed]),
    );
  } finally {
    program.close();
  }
}

/** Both refuse, or both take it for the same value of the same type. */
export function isSameValue(reference: Typed, ours: Typed): boolean {
  if (reference[0] === 'refused' || ours[0] === 'refused') return reference[0] === ours[0];
  return JSON.stringify(reference) === JSON.stringify(ours);
}
