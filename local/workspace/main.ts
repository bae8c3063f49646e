import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Problem, wordsFor } from '../../shared/problem/index.ts';
import { ADDRESS_FILE, type RunningWorkspace, type WorkspaceOptions } from './address.ts';
import { startWorkspace } from './start.ts';

const LONGEST_IDLE_CHECK_IN_MS = 10_000;
const SHORTEST_IDLE_CHECK_IN_MS = 200;

interface Settings {
  readonly options: WorkspaceOptions;
  /** Stop after this long without a request; undefined: never. */
  readonly idleInMinutes: number | undefined;
  /** The data folder is removed when the workspace stops. */
  readonly isPassing: boolean;
}

/** The workspace as a process of its own: started by the command line, stopped by a signal or by being idle. */
async function main(): Promise<void> {
  const { options, idleInMinutes, isPassing } = readArguments(process.argv.slice(2));
  const running = await startWorkspace(options);
  const addressFile = path.join(path.resolve(options.dataFolder), ADDRESS_FILE);
  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= end(running, addressFile, isPassing));
  // A slip in the background of one service must not end the others; stderr is the daemon's start.log.
  process.on('unhandledRejection', (reason) => process.stderr.write(`${wordsFor(reason).join('\n')}\n`));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop());
  // Last: whoever reads it may stop this process at once.
  await writeAddress(addressFile, running);
  if (idleInMinutes !== undefined) stopWhenIdle(running, idleInMinutes, stop);
}

async function end(running: RunningWorkspace, addressFile: string, isPassing: boolean): Promise<void> {
  await rm(addressFile, { force: true });
  await running.stop();
  if (isPassing) await rm(path.dirname(addressFile), { recursive: true, force: true, maxRetries: 5 });
  process.exit();
}

async function writeAddress(file: string, { address }: RunningWorkspace): Promise<void> {
  const draft = `${file}.new`;
  await writeFile(draft, `${JSON.stringify(address, undefined, 2)}\n`, { mode: 0o600 });
  await rename(draft, file);
}

function stopWhenIdle(running: RunningWorkspace, minutes: number, stop: () => Promise<void>): void {
  const limitInMs = minutes * 60_000;
  const everyInMs = Math.max(SHORTEST_IDLE_CHECK_IN_MS, Math.min(LONGEST_IDLE_CHECK_IN_MS, limitInMs / 4));
  const timer = setInterval(() => {
    if (Date.now() - running.lastUsed().getTime() < limitInMs) return;
    clearInterval(timer);
    void stop();
  }, everyInMs);
  timer.unref();
}

function readArguments(args: readonly string[]): Settings {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string' },
      port: { type: 'string' },
      environments: { type: 'string' },
      'trusted-issuer': { type: 'string', multiple: true },
      'idle-minutes': { type: 'string' },
      'subscription-id': { type: 'string' },
      'resource-group': { type: 'string' },
      'workspace-name': { type: 'string' },
      location: { type: 'string' },
      fault: { type: 'string' },
      passing: { type: 'boolean' },
    },
  });
  const dataFolder = values.data ?? process.env.AZUREML_LOCAL_DATA;
  if (!dataFolder) {
    throw new Problem({
      code: 'input',
      message: 'The embedded workspace was not told where to keep its data.',
      next: 'Give --data FOLDER, or set AZUREML_LOCAL_DATA.',
    });
  }
  const port = numberIn('port', values.port ?? process.env.AZUREML_LOCAL_PORT, 65_535);
  const issuers = process.env.AZUREML_LOCAL_TRUSTED_ISSUERS?.split(/[\s,]+/).filter(Boolean);
  const identity = {
    ...(values['subscription-id'] ? { subscriptionId: values['subscription-id'].toLowerCase() } : {}),
    ...(values['resource-group'] ? { resourceGroup: values['resource-group'] } : {}),
    ...(values['workspace-name'] ? { workspaceName: values['workspace-name'] } : {}),
    ...(values.location ? { location: values.location } : {}),
  };
  return {
    options: {
      dataFolder,
      identity,
      trustedIssuers: values['trusted-issuer'] ?? issuers ?? [],
      ...(port === undefined ? {} : { port }),
      ...(values.fault ? { faultFile: values.fault } : {}),
      ...(values.environments ? { environmentsFolder: values.environments } : {}),
    },
    isPassing: values.passing ?? false,
    idleInMinutes: numberIn('idle-minutes', values['idle-minutes'], Number.MAX_SAFE_INTEGER),
  };
}

function numberIn(name: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0 && value <= most) return value;
  throw new Problem({
    code: 'input',
    message: `--${name} is '${text}', which is not a number from 0 to ${most}.`,
    next: `Give a number, or leave --${name} out.`,
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${wordsFor(error).join('\n')}\n`);
  process.exit(1);
});
