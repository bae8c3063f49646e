import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startWorkspace } from '../../../local/workspace/index.ts';
import { publishedExamples } from './examples.ts';
import { clientOf, runExample } from './runExample.ts';
import { documentOf, lineOf, type Result } from './table.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean' } },
});
const dataFolder = await mkdtemp(path.join(os.tmpdir(), 'examples-'));
const workspace = await startWorkspace({ dataFolder });
try {
  const results = await runAll();
  if (values.write) await writeFile('docs/conformance-examples.md', documentOf(results));
  if (results.some(({ outcome }) => outcome && outcome.status !== 'Completed')) process.exitCode = 1;
} finally {
  await workspace.stop();
  await rm(dataFolder, { recursive: true, force: true });
}

/** One after the other: their first environment is made once, and each is timed alone. */
async function runAll(): Promise<Result[]> {
  const client = clientOf(workspace.address);
  const results: Result[] = [];
  const wanted = publishedExamples().filter(
    ({ name }) => positionals.length === 0 || positionals.includes(name),
  );
  for (const example of wanted) {
    const outcome = example.leftOut === undefined ? await runExample(example, client) : undefined;
    const result: Result = { example, ...(outcome ? { outcome } : {}) };
    process.stdout.write(`${lineOf(result)}\n`);
    results.push(result);
  }
  return results;
}
