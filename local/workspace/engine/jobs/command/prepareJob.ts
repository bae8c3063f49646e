import { appendFile, writeFile } from 'node:fs/promises';
import { messageOf } from '../../../../../shared/problem/index.ts';
import { prepareEnvironment, type PreparedEnvironment } from '../../environments/index.ts';
import { artifactPath } from '../records/index.ts';
import { environmentRequestOf } from '../references/index.ts';
import { together } from '../together.ts';
import type { JobTools } from '../tools.ts';
import { makeArtifactFolders } from './artifacts.ts';
import { bringCode } from './code.ts';
import type { CommandJob } from './job.ts';
import { distributionWarnings } from './distribution.ts';
import type { JobFolders } from './folders.ts';
import { materialiseInputs } from './inputs.ts';
import { LogShipper } from './logShipper.ts';
import { prepareOutputs, type PreparedOutput } from './outputs.ts';

/** Everything a command needs before it starts. */
export interface PreparedJob {
  readonly environment: PreparedEnvironment;
  /** What stands in the command for every input. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: readonly PreparedOutput[];
}

/** Brings environment, code and inputs side by side. */
export async function prepareJob(
  job: CommandJob,
  folders: JobFolders,
  tools: JobTools,
  signal: AbortSignal,
): Promise<PreparedJob> {
  const { specification, run } = job;
  const { places } = tools;
  // What does not wait for anything is checked before minutes are spent on an environment.
  const outputs = await prepareOutputs(run.runId, specification.outputs, folders.outputs, places);
  const [environment, inputs] = await together(signal, [
    (own) => prepareJobEnvironment(job, folders, tools, own),
    (own) => materialiseInputs(specification.inputs, folders.inputs, places, own),
    async () => specification.codeId !== undefined && bringCode(specification.codeId, folders.work, places),
  ]);
  await makeArtifactFolders(folders.work);
  return { environment, inputs, outputs };
}

/** Makes the environment; its making is a log of the run, its warnings and facts are properties of the run. */
async function prepareJobEnvironment(
  { run, specification }: CommandJob,
  folders: JobFolders,
  tools: JobTools,
  signal: AbortSignal,
): Promise<PreparedEnvironment> {
  const { context, places, records } = tools;
  const request =
    specification.environmentId === undefined
      ? {}
      : environmentRequestOf(specification.environmentId, places.assets);
  await writeFile(folders.buildLog, '');
  const path = artifactPath(run.runId, 'azureml-logs/20_image_build_log.txt');
  const log = { file: folders.buildLog, container: context.storage.artifactContainer, path };
  const onFault = (error: unknown): void => context.log(`${run.runId}: ${messageOf(error)}`);
  const shipper = new LogShipper(log, context.storage, onFault);
  await shipper.start();
  let written: Promise<void> = Promise.resolve();
  const onLog = (line: string): void => {
    written = written.then(() => appendFile(folders.buildLog, `${line}\n`)).catch(onFault);
  };
  try {
    await context.faults.beforeImageBuild(context.clock, signal);
    const prepared = await prepareEnvironment(request, {
      cacheFolder: context.folders.environments,
      onLog,
      signal,
    });
    const warnings = [
      ...distributionWarnings(specification.distribution),
      ...serviceWarnings(specification.services),
      ...prepared.warnings,
    ];
    await records.runs.update(run.runId, context.clock.now(), (current) => ({
      ...current,
      warnings: [...current.warnings, ...warnings],
      properties: { ...current.properties, ...prepared.properties, ...warningProperty(warnings) },
    }));
    return { ...prepared, warnings };
  } finally {
    await written;
    await shipper.stop();
  }
}

function serviceWarnings(services: readonly string[]): string[] {
  if (services.length === 0) return [];
  return [`The services ${services.join(', ')} are not started: the job's files are on this machine.`];
}

function warningProperty(warnings: readonly string[]): Record<string, string> {
  return warnings.length === 0 ? {} : { 'embedded.warnings': warnings.join(' ') };
}
