import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { download } from './download.ts';
import type { Bench, Figure } from './figure.ts';
import { compile } from './compile.ts';
import { logLatency } from './logLatency.ts';
import { modelList } from './modelList.ts';
import { release } from './release.ts';
import { sizes } from './sizes.ts';
import { documentOf, linesOf } from './table.ts';
import { taskStart } from './taskStart.ts';
import { upload } from './upload.ts';
import { warmStart } from './warmStart.ts';
import { workspaceLoad } from './workspaceLoad.ts';
import { workspaceStart } from './workspaceStart.ts';

const BENCHES: readonly Bench[] = [
  taskStart,
  sizes,
  logLatency,
  upload,
  download,
  workspaceStart,
  modelList,
  workspaceLoad,
  compile,
  release,
  warmStart,
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean' } },
});
const unknown = positionals.filter((name) => !BENCHES.some((bench) => bench.name === name));
if (unknown.length > 0)
  refuse(
    `There is no bench '${unknown.join("', '")}'; there are ${BENCHES.map(({ name }) => name).join(', ')}.`,
  );
if (values.write && positionals.length > 0) refuse('--write keeps a whole table: leave the names out.');

const measured: { bench: Bench; figures: readonly Figure[] }[] = [];
for (const bench of BENCHES.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
  process.stdout.write(`\n${bench.title} (${bench.name})\n`);
  const figures = await bench.measure().catch(failed);
  process.stdout.write(`${linesOf(figures).join('\n')}\n`);
  measured.push({ bench, figures });
}
if (values.write) await writeFile('docs/benchmarks.md', await documentOf(measured));
const missed = measured.flatMap(({ figures }) => figures.filter(({ met }) => met === false));
if (missed.length > 0) {
  process.stdout.write(`\n${missed.length} figures miss their target.\n`);
  process.exitCode = 1;
}

/** One bench that cannot be carried out does not take the others with it. */
function failed(error: unknown): readonly Figure[] {
  const [why = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return [{ what: 'Could not be measured', value: why, met: false }];
}

function refuse(why: string): never {
  process.stderr.write(`${why}\n`);
  process.exit(2);
}
