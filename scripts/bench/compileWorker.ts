/** Compiles one pipeline in a process of its own; started by compile.ts, answers on stdout. */
import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { compileJob, readYamlFile } from '../../shared/azureml/yaml/index.ts';
import { answer, peakMemory } from './workerClient.ts';

export interface CompileWork {
  readonly pipeline: string;
  /** All files of the pipeline, its own too. */
  readonly files: readonly string[];
  readonly rounds: number;
}

export interface CompileResult {
  /** Processor time of each round. */
  readonly parsingInMs: readonly number[];
  readonly compilingInMs: readonly number[];
  readonly peakMemoryInBytes: number;
}

const work = JSON.parse(process.env['BENCH_WORK'] ?? '') as CompileWork;

function run(): CompileResult {
  const rounds = Array.from({ length: work.rounds });
  const compilingInMs = rounds.map(() => timed(() => compileJob(readYamlFile(work.pipeline))));
  const peakMemoryInBytes = peakMemory();
  const parsingInMs = rounds.map(() =>
    timed(() => work.files.map((file) => parseDocument(readFileSync(file, 'utf8')))),
  );
  return { parsingInMs, compilingInMs, peakMemoryInBytes };
}

/** Processor time, which other processes of a busy machine change little. */
function timed(act: () => unknown): number {
  const before = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

answer(Promise.resolve().then(run));
