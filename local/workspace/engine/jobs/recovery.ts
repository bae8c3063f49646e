import { readdir, readFile } from 'node:fs/promises';
import { messageOf } from '../../../../shared/problem/index.ts';
import { stdLogShipper } from './command/commandJob.ts';
import { jobFolders, removeJobFiles } from './command/folders.ts';
import { endLeftover, type ProcessMark } from './command/processGroup.ts';
import type { RunDocument } from './records/index.ts';
import { isRecord } from './json.ts';
import { type JobTools, moveTo } from './tools.ts';

const NOT_BEGUN: readonly RunDocument['status'][] = ['NotStarted', 'Preparing', 'Queued'];

/**
 * Deals with the jobs that an earlier life of the workspace left: a process that had started is ended and its run marked
 * as Azure marks it after the loss of a node; what had not begun is returned, to be started.
 */
export async function recover(tools: JobTools): Promise<string[]> {
  const active = tools.records.runs.active().filter((run) => run.ofJob);
  const roots = active.filter((run) => run.parentRunId === undefined);
  const toStart = roots.filter((run) => NOT_BEGUN.includes(run.status)).map((run) => run.runId);
  const lost = active.filter((run) => !toStart.includes(run.runId));
  for (const run of lost) await markLost(run, tools);
  // Storage comes up later than the control plane; the ends of the logs may wait for it.
  void saveLogs(lost, tools);
  return toStart;
}

async function markLost(run: RunDocument, tools: JobTools): Promise<void> {
  const marks = await marksIn(jobFolders(tools.context.folders.jobs, run.runId).processFile);
  for (const mark of marks) await endLeftover(mark, run.runId);
  if (run.status === 'CancelRequested') return moveTo(tools, run.runId, 'Canceled');
  const message =
    'The node that ran the job was lost: the embedded workspace was stopped while the job was running. Submit the job again.';
  return moveTo(tools, run.runId, 'Failed', { error: { code: 'ServiceError', message } });
}

async function saveLogs(lost: readonly RunDocument[], tools: JobTools): Promise<void> {
  for (const run of lost) {
    const folders = jobFolders(tools.context.folders.jobs, run.runId);
    try {
      await tools.context.storageReady;
      const files = await readdir(folders.root).catch(() => []);
      for (const file of files.filter((name) => name.startsWith('std_log')))
        await (await stdLogShipper(run.runId, file, folders, tools).start()).stop();
      await removeJobFiles(folders);
    } catch (error) {
      tools.context.log(`${run.runId}: the end of its log was not saved: ${messageOf(error)}`);
    }
  }
}

async function marksIn(file: string): Promise<ProcessMark[]> {
  const content = parsed(await readFile(file, 'utf8').catch(() => ''));
  return (Array.isArray(content) ? content : []).flatMap((mark: unknown) => {
    if (!isRecord(mark) || typeof mark['pid'] !== 'number') return [];
    const { pid, started } = mark;
    return { pid, started: typeof started === 'string' ? started : undefined };
  });
}

/** Undefined for what a kill cut off in the writing: one job's marks must not keep the workspace from starting. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
