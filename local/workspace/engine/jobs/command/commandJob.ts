import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../../../../shared/problem/index.ts';
import { artifactPath } from '../records/index.ts';
import { forGood } from '../../../storage/forGood.ts';
import { failedEnd, type JobTools, moveTo, type RunEnd } from '../tools.ts';
import type { CommandJob } from './job.ts';
import { endOfProcess } from './ending.ts';
import { jobFolders, makeJobFolders, removeJobFiles, type JobFolders } from './folders.ts';
import { LogShipper } from './logShipper.ts';
import { outputValue, uploadOutputs } from './outputs.ts';
import { type PreparedJob, prepareJob } from './prepareJob.ts';
import { resolvePlaceholders } from './placeholders.ts';
import { freePorts } from './freePorts.ts';
import type { ProcessEnd } from './process.ts';
import { portCount, ranksOf } from './ranks.ts';
import { acquireRoom } from './room.ts';
import { runRanks } from './runRanks.ts';
import { supportFiles } from './support.ts';
import { registerOutputs } from './registerOutputs.ts';
import { uploadArtifacts } from './artifacts.ts';
import { processVariables } from './variables.ts';

/** Runs a command job from preparation to its last upload; every failure is an end with its reason, never thrown. */
export async function runCommandJob(job: CommandJob, tools: JobTools, signal: AbortSignal): Promise<RunEnd> {
  const folders = jobFolders(tools.context.folders.jobs, job.run.runId);
  try {
    await tools.context.storageReady;
    await makeJobFolders(folders);
    await moveTo(tools, job.run.runId, 'Preparing');
    const prepared = await prepareJob(job, folders, tools, signal);
    await moveTo(tools, job.run.runId, 'Queued');
    const release = await acquireRoom(job, tools, signal);
    try {
      return await runPrepared(job, prepared, folders, tools, signal);
    } finally {
      release();
    }
  } catch (error) {
    return signal.aborted ? { status: 'Canceled' } : failedEnd(error, tools);
  } finally {
    await removeJobFiles(folders).catch((error: unknown) =>
      tools.context.log(`${job.run.runId}: ${messageOf(error)}`),
    );
  }
}

async function runPrepared(
  job: CommandJob,
  prepared: PreparedJob,
  folders: JobFolders,
  tools: JobTools,
  signal: AbortSignal,
): Promise<RunEnd> {
  const { runId } = job.run;
  const values = {
    inputs: prepared.inputs,
    outputs: Object.fromEntries(prepared.outputs.map((output) => [output.name, outputValue(output)])),
  };
  const command = resolvePlaceholders(job.specification.command, {
    ...values,
    search_space: job.specification.searchSpace,
    support: await supportFiles(job.specification.support ?? {}, folders.support),
  });
  const environment = await processVariables({
    ...values,
    context: tools.context,
    run: job.run,
    prepared: prepared.environment,
    own: job.specification.environmentVariables,
    caBundle: tools.caBundle,
  });
  const { distribution } = job.specification;
  const ranks = ranksOf(distribution, await freePorts(portCount(distribution)));
  const firstLog = path.join(folders.root, ranks[0]?.log ?? 'std_log.txt');
  for (const warning of prepared.environment.warnings) await appendFile(firstLog, `Warning: ${warning}\n`);
  const shippers = await Promise.all(
    ranks.map(({ log }) => stdLogShipper(runId, log, folders, tools).start()),
  );
  await moveTo(tools, runId, 'Running');
  try {
    const { timeoutInMs } = job.specification;
    const end = await runRanks({
      command,
      environment,
      ranks,
      folders,
      signal,
      ...(timeoutInMs === undefined ? {} : { timeoutInMs }),
    });
    await finalize(job, prepared, { folders, shippers, end }, tools);
    return await endOfProcess(end, path.join(folders.root, end.log), job.specification);
  } finally {
    await Promise.all(shippers.map((shipper) => shipper.stop()));
  }
}

/** A process's log goes to storage under the name that clients look for. */
export function stdLogShipper(
  runId: string,
  file: string,
  folders: JobFolders,
  { context }: Pick<JobTools, 'context'>,
): LogShipper {
  const log = {
    file: path.join(folders.root, file),
    container: context.storage.artifactContainer,
    path: artifactPath(runId, `user_logs/${file}`),
  };
  return new LogShipper(log, context.storage, (error) =>
    context.log(`${runId}: log not copied: ${messageOf(error)}`),
  );
}

interface Leavings {
  readonly folders: JobFolders;
  readonly shippers: readonly LogShipper[];
  readonly end: ProcessEnd;
}

/** Copies what the job left, whatever its end: Azure keeps it too. Only a completed job's outputs become assets. */
async function finalize(
  job: CommandJob,
  prepared: PreparedJob,
  { folders, shippers, end }: Leavings,
  tools: JobTools,
): Promise<void> {
  const { storage } = tools.context;
  if (end.endedBy !== 'cancel') await moveTo(tools, job.run.runId, 'Finalizing');
  await forGood(storage, async () => {
    await uploadArtifacts(job.run.runId, folders.work, storage);
    await uploadOutputs(prepared.outputs, tools.places);
    await Promise.all(shippers.map((shipper) => shipper.stop()));
  });
  if (end.endedBy === 'itself' && end.code === 0) await registerOutputs(job.run, prepared.outputs, tools);
}
