import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { trial } from './trial.ts';

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
});
const dataFolder = await mkdtemp(path.join(os.tmpdir(), 'kill-'));
const started = performance.now();
const { kills, killsWithStorage, acknowledged, findings } = await trial({
  program: [path.resolve('build', 'local', 'workspace.mjs')],
  dataFolder,
  kills: Number(values.kills),
  seed: Number(values.seed),
  say: (line) => process.stdout.write(`\r${line} `),
});
const seconds = ((performance.now() - started) / 1000).toFixed(0);
process.stdout.write(
  `\n${kills} kills (${killsWithStorage} with storage) in ${seconds} s, seed ${values.seed}: ` +
    `${acknowledged} writes were acknowledged, ${findings.length} are not as they should be.\n`,
);
for (const finding of findings) process.stdout.write(`  ${finding}\n`);
if (findings.length === 0) await rm(dataFolder, { recursive: true, force: true });
else process.stdout.write(`The data folder was left for a look: ${dataFolder}\n`);
process.exit(findings.length === 0 ? 0 : 1);
