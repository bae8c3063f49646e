import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  asMegabytes,
  asMilliseconds,
  asRatio,
  asSeconds,
  atMost,
  median,
  type Bench,
  type Figure,
} from './figure.ts';
import type { CompileResult, CompileWork } from './compileWorker.ts';
import { bundleWorker, runAlone } from './worker.ts';
import { inFolder } from './workspaceProcess.ts';

const LARGEST_RATIO = 2;
const LONGEST_IN_MS = 3000;
const LARGEST_MEMORY_IN_BYTES = 400 * 1024 ** 2;

/** Compiling pipelines with local components, against the YAML library's reading of the same files. */
export const compile: Bench = {
  name: 'compile',
  title: 'Compiling YAML',
  measure: () =>
    inFolder(async (folder) => {
      const worker = await bundleWorker('compileWorker', folder);
      const middle = await measured(worker, await makePipeline(folder, { steps: 500, components: 500 }), 9);
      const large = await measured(worker, await makePipeline(folder, { steps: 5000, components: 50 }), 1);
      return [...ratioOf('500 steps, each with a component file', middle), ...boundsOf('5,000 steps', large)];
    }),
};

function ratioOf(what: string, { parsingInMs, compilingInMs }: CompileResult): Figure[] {
  const parsing = median(parsingInMs);
  const compiling = median(compilingInMs);
  return [
    { what: `${what}: yaml alone, processor time`, value: asMilliseconds(parsing) },
    { what: `${what}: compiling, processor time`, value: asMilliseconds(compiling) },
    atMost(`${what}: compiling against yaml alone`, compiling / parsing, LARGEST_RATIO, asRatio),
  ];
}

function boundsOf(what: string, { compilingInMs, peakMemoryInBytes }: CompileResult): Figure[] {
  return [
    atMost(`${what}: compiling once, processor time`, median(compilingInMs), LONGEST_IN_MS, asSeconds),
    atMost(`${what}: peak memory`, peakMemoryInBytes, LARGEST_MEMORY_IN_BYTES, asMegabytes),
  ];
}

type Files = Pick<CompileWork, 'pipeline' | 'files'>;

async function measured(worker: string, files: Files, rounds: number): Promise<CompileResult> {
  const work: CompileWork = { ...files, rounds };
  return (await runAlone(worker, { BENCH_WORK: JSON.stringify(work) })) as CompileResult;
}

async function makePipeline(
  root: string,
  { steps, components }: { steps: number; components: number },
): Promise<Files> {
  const folder = path.join(root, String(steps));
  await mkdir(path.join(folder, 'src'), { recursive: true });
  await writeFile(path.join(folder, 'src', 'train.py'), 'print(1)\n');
  const names = Array.from({ length: components }, (_, index) => path.join(folder, `component${index}.yml`));
  await Promise.all(names.map((name, index) => writeFile(name, componentText(index))));
  const pipeline = path.join(folder, 'pipeline.yml');
  const jobs = Array.from({ length: steps }, (_, index) => stepText(index, components));
  await writeFile(pipeline, `${HEAD}${jobs.join('')}`);
  return { pipeline, files: [pipeline, ...names] };
}

const HEAD = `type: pipeline
settings: {default_compute: azureml:cpu}
inputs:
  data: {type: uri_folder, path: azureml:data:1}
jobs:
`;

function stepText(index: number, components: number): string {
  const data = index === 0 ? 'parent.inputs.data' : `parent.jobs.step_${index - 1}.outputs.model`;
  return `  step_${index}:
    type: command
    component: ./component${index % components}.yml
    inputs:
      data: \${{${data}}}
      rate: 0.${index}1
    environment_variables: {SEED: "${index}"}
`;
}

function componentText(index: number): string {
  return `type: command
name: component_${index}
version: 1
inputs:
  data: {type: uri_folder}
  rate: {type: number, default: 0.1}
outputs:
  model: {type: uri_folder}
code: ./src
environment: azureml:sklearn@latest
command: >-
  python train.py --data \${{inputs.data}} --rate \${{inputs.rate}} --out \${{outputs.model}}
`;
}
