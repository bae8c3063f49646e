import { parseArgs } from 'node:util';
import { applySet, compileFile, readYamlFile, USES } from '../../shared/azureml/yaml/index.ts';
import { Problem, Problems, wordsFor } from '../../shared/problem/index.ts';
import { linesOfPlan } from './display.ts';
import { planOf } from './plan.ts';

const HOW = `npm run yaml -- FILE [--set path=value ...] [--use ${USES.join('|')}] [--strict] [--json]`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      set: { type: 'string', multiple: true },
      use: { type: 'string' },
      strict: { type: 'boolean' },
      json: { type: 'boolean' },
    },
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) return refuse([`Name one file: ${HOW}`]);
  const use = USES.find((known) => known === values.use);
  if (values.use !== undefined && !use) return refuse([`There is no use '${values.use}': ${HOW}`]);
  const document = applySet(readYamlFile(file), values.set ?? []);
  const plan = await planOf(compileFile(document, { strict: values.strict ?? false, ...(use && { use }) }));
  const lines = values.json ? [JSON.stringify(plan, null, 2)] : linesOfPlan(plan, file);
  process.stdout.write(`${lines.join('\n')}\n`);
}

function refuse(lines: readonly string[]): void {
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exitCode = 1;
}

await main().catch((error: unknown) => {
  if (!(error instanceof Problem || error instanceof Problems)) throw error;
  refuse(wordsFor(error));
});
