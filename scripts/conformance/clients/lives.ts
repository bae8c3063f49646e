import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../../../local/workspace/cacheFolder.ts';
import { prepareEnvironment } from '../../../local/workspace/engine/environments/index.ts';

/** One client driven through all it does. */
export interface Life {
  /** What to type to have it run alone. */
  readonly name: string;
  /** The clients it drives, with their versions, as the table shows them. */
  readonly clients: string;
  /** `mlflow` alone finds its way by an address and a token of its own. */
  readonly isPlainMlflow?: boolean;
  /** What to run, with the folder it may write to as last argument; makes what it needs first. */
  program(): Promise<readonly [program: string, ...args: string[]]>;
}

const here = path.dirname(fileURLToPath(import.meta.url));
const python = (name: string): string => path.join(here, 'python', name);
const pins = (name: string): string => readFileSync(python(`requirements/${name}.txt`), 'utf8');
const sample = path.resolve(here, '../../../samples/diabetes/conda.yaml');

export const LIVES: readonly Life[] = [
  {
    name: 'azure-ai-ml',
    clients: versionsIn(pins('azure-ai-ml'), ['azure-ai-ml', 'azure-identity', 'azure-storage-blob']),
    program: async () => [await pythonWith(pins('azure-ai-ml')), python('ml_client.py')],
  },
  {
    name: 'mlflow-azureml',
    clients: versionsIn(pins('azure-ai-ml'), ['mlflow', 'azureml-mlflow']),
    program: async () => [
      await pythonWith(pins('azure-ai-ml')),
      python('mlflow_life.py'),
      'mlflow 3 with azureml-mlflow',
    ],
  },
  {
    name: 'mlflow2-azureml',
    clients: versionsIn(readFileSync(sample, 'utf8'), ['mlflow', 'azureml-mlflow']),
    program: async () => [await pythonOfSample(), python('mlflow_life.py'), 'mlflow 2 with azureml-mlflow'],
  },
  {
    name: 'mlflow',
    clients: versionsIn(pins('mlflow-skinny'), ['mlflow-skinny']),
    isPlainMlflow: true,
    program: async () => [await pythonWith(pins('mlflow-skinny')), python('mlflow_life.py'), 'mlflow alone'],
  },
  {
    name: 'arm-machinelearning',
    clients: npmVersions(['@azure/arm-machinelearning']),
    program: async () => nodeLife('arm.ts'),
  },
  {
    name: 'storage-blob',
    clients: npmVersions(['@azure/identity', '@azure/storage-blob']),
    program: async () => nodeLife('storage.ts'),
  },
];

function nodeLife(file: string): readonly [string, ...string[]] {
  return [process.execPath, '--import', import.meta.resolve('tsx'), path.join(here, 'node', file)];
}

/** A virtual environment with exactly these packages, made once and kept in the user's cache. */
async function pythonWith(requirements: string): Promise<string> {
  const lines = requirements.split('\n').filter((line) => line.trim() !== '');
  const { python: found } = await prepareEnvironment(
    { extraPipRequirements: lines },
    { cacheFolder: path.join(cacheFolder(), 'environments'), onLog: sayWhatTakesLong },
  );
  return found;
}

/** The environment of the sample project, which most machines have made already. */
async function pythonOfSample(): Promise<string> {
  const { python: found } = await prepareEnvironment(
    { condaFile: readFileSync(sample, 'utf8') },
    { cacheFolder: path.join(cacheFolder(), 'environments'), onLog: sayWhatTakesLong },
  );
  return found;
}

function sayWhatTakesLong(line: string): void {
  if (/^(?:Making|Waiting)/.test(line)) process.stdout.write(`${line}\n`);
}

function versionsIn(requirements: string, names: readonly string[]): string {
  return names
    .map((name) => `${name} ${new RegExp(`(?:^|\\s)${name}==(\\S+)`, 'm').exec(requirements)?.[1] ?? ''}`)
    .join(', ');
}

function npmVersions(names: readonly string[]): string {
  const manifest = JSON.parse(readFileSync(path.resolve(here, '../../../package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return names.map((name) => `${name} ${manifest.dependencies[name] ?? ''}`).join(', ');
}
