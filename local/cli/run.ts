import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readPipeline } from '../runner/read/index.ts';
import {
  continueRun,
  createServerTasks,
  isReleaseFile,
  isReleaseRecord,
  listenForInterrupts,
  predefinedVariables,
  runPipeline,
  type ApprovalAnswers,
  type RunOutcome,
  type RunSettings,
} from '../runner/index.ts';
import { cacheFolder } from '../workspace/cacheFolder.ts';
import { afterword } from './afterword.ts';
import { connectionTo } from './connection.ts';
import { ensureWorkspace } from './daemon.ts';
import { pairs } from './pairs.ts';
import { webhookPayloads } from './payloads.ts';
import { inspectReleaseFile, resumeRelease, runReleaseFile, type ReleaseFlags } from './release.ts';
import type { WorkspaceAddress } from '../workspace/address.ts';
import { builtFolder, stateFolders, type StateFolders } from './state.ts';
import { trustingEnvironment } from './trust.ts';

/** What `run` and `continue` have in common, as typed on the command line. */
export interface AnswerFlags {
  readonly home?: string;
  /** true: every environment; names: these. */
  readonly approve?: true | string[];
  readonly reject?: true | string[];
  readonly comment?: string;
}

export interface ContinueFlags
  extends
    AnswerFlags,
    Omit<ReleaseFlags, 'artifact' | 'variableGroup' | 'taskGroup' | 'leaveOut' | 'standIn'> {}

export interface RunFlags extends ContinueFlags, ReleaseFlags {
  readonly parameter?: string[];
  readonly webhook?: string[];
  readonly variable?: string[];
  readonly repository?: string;
}

/** Runs a pipeline file, or a release of an exported definition, against the embedded workspace. */
export async function run(file: string, flags: RunFlags): Promise<RunOutcome> {
  const folders = stateFolders(flags.home);
  const pipeline = path.resolve(file);
  const variables = pairs('variable', flags.variable);
  if (isReleaseFile(pipeline)) {
    const inspection = await inspectReleaseFile(pipeline, flags);
    const around = { folders, ...(await settingsFor(folders, flags)) };
    const outcome = await runReleaseFile(pipeline, inspection, { ...flags, variables }, around);
    return tell(outcome, around.address, flags);
  }
  const repository = path.resolve(flags.repository ?? path.dirname(pipeline));
  const predefined = await predefinedVariables(repository);
  const isCalled = flags.webhook !== undefined;
  const payloads = await webhookPayloads(pipeline, pairs('webhook', flags.webhook));
  const plan = await readPipeline({
    file: pipeline,
    payloads,
    parameters: pairs('parameter', flags.parameter),
    variables,
    predefined: { ...predefined, ...(isCalled && { 'Build.Reason': 'ResourceTrigger' }) },
  });
  const { address, settings } = await settingsFor(folders, flags);
  const outcome = await runPipeline({
    ...settings,
    plan,
    repository,
    runsFolder: folders.runs,
    ...(isCalled && { reason: 'resourceTrigger' as const }),
    variables: Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, { value, isSecret: false }]),
    ),
  });
  return tell(outcome, address, flags);
}

/** Goes on with a run that waits for an approval, or with a release. */
export async function resume(recordFolder: string, flags: ContinueFlags): Promise<RunOutcome> {
  const folders = stateFolders(flags.home);
  const folder = path.resolve(recordFolder);
  const { address, settings } = await settingsFor(folders, flags);
  const outcome = isReleaseRecord(folder)
    ? await resumeRelease(folder, flags, { address, settings, folders })
    : await continueRun(folder, settings);
  return tell(outcome, address, flags);
}

async function tell(outcome: RunOutcome, address: WorkspaceAddress, flags: AnswerFlags): Promise<RunOutcome> {
  process.stdout.write(
    `${(await afterword(outcome, address, (words) => command(words, flags.home))).join('\n')}\n`,
  );
  return outcome;
}

/** What every run here works with: the embedded workspace, the built tasks, the user's terminal. */
export async function settingsFor(
  folders: StateFolders,
  flags: AnswerFlags,
): Promise<{ address: WorkspaceAddress; settings: RunSettings }> {
  const { address, wasRunning } = await ensureWorkspace({ dataFolder: folders.workspace });
  process.stdout.write(
    `Embedded workspace ${wasRunning ? 'found' : 'started'} at ${address.apiUrl} (data in ${folders.workspace})\n`,
  );
  const settings: RunSettings = {
    connections: [connectionTo(address)],
    taskFolders: [builtFolder('tasks')],
    terminal: {
      input: process.stdin,
      output: process.stdout,
      isInteractive: Boolean(process.stdin.isTTY && process.stdout.isTTY),
    },
    environment: await trustingEnvironment(address.caFile, process.env),
    agentVariables: {
      'Agent.CAInfo': address.caFile,
      // Kept between runs, as an agent keeps it: pipelines install what they need there once.
      'Agent.ToolsDirectory': path.join(cacheFolder(), 'tools'),
    },
    answers: answersOf(flags),
    interrupts: listenForInterrupts(),
    environments: [
      { name: 'production', approval: { instructions: 'Read the evidence and the plan, then decide.' } },
    ],
    serverTasks: createServerTasks({ ca: [await readFile(address.caFile, 'utf8')] }),
    continueCommand: (recordFolder) =>
      command(`continue ${path.relative(process.cwd(), recordFolder) || '.'} --approve`, flags.home),
  };
  return { address, settings };
}

/** What to type for something of this workspace. */
function command(words: string, home: string | undefined): string {
  return `npx azureml-local ${words}${home ? ` --home ${home}` : ''}`;
}

function answersOf(flags: AnswerFlags): ApprovalAnswers {
  const names = (flag: true | string[] | undefined): 'all' | readonly string[] =>
    flag === true ? 'all' : (flag ?? []);
  return {
    approve: names(flags.approve),
    reject: names(flags.reject),
    ...(flags.comment && { comment: flags.comment }),
  };
}
