import { type Command, InvalidArgumentError, Option } from 'commander';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Problem } from '../../shared/problem/index.ts';
import { ensureWorkspace, startInForeground, stopWorkspace, type StartOptions } from './daemon.ts';
import { environmentLines, endpointLines, type EnvironmentFlags } from './environmentCommand.ts';
import { endpointKey } from './key.ts';
import { dataFoldersOf, findRunning, type PlaceFlags } from './place.ts';
import { resetWorkspace } from './reset.ts';
import { SHELLS } from './shells.ts';

type Print = (line: string) => void;

interface StartFlags extends PlaceFlags {
  readonly port?: string;
  readonly fault?: string;
  readonly memory?: true;
  readonly seed?: string;
  readonly foreground?: true;
}

/** The commands about the embedded workspace itself. */
export function addWorkspace(cli: Command, print: Print): void {
  placed(cli.command('start').description('start the embedded workspace in the background'))
    .option('--port <number>', 'port to listen on (default: any free one, kept for the next start)', port)
    .option('--memory', 'keep nothing: everything goes when it stops')
    .option('--seed <file>', 'begin with an exported workspace, where there is none yet')
    .option('--fault <file>', 'faults that requests meet, see docs/faults.md')
    .option('--foreground', 'stay here until Ctrl+C, which stops jobs, endpoints and storage')
    .action((flags: StartFlags) => start(flags, print));
  placed(cli.command('stop').description('stop the embedded workspace with its jobs and endpoints')).action(
    async (flags: PlaceFlags) =>
      print(
        (await stop(flags)) ? 'The embedded workspace is stopped.' : 'No embedded workspace is running here.',
      ),
  );
  placed(cli.command('status').description('say whether the embedded workspace runs, and where')).action(
    (flags: PlaceFlags) => status(flags, print),
  );
  placed(cli.command('env').description('print the settings by which clients find the workspace'))
    .addOption(new Option('--shell <name>', 'for what').choices(SHELLS).default('bash'))
    .option('--plain-mlflow', 'for mlflow without azureml-mlflow: with a token, which is good for an hour')
    .action(async (flags: EnvironmentFlags) => (await environmentLines(flags)).forEach(print));
  placed(cli.command('reset').description('stop the workspace and remove everything in it'))
    .option('--yes', 'without asking')
    .action((flags: PlaceFlags & { yes?: true }) => resetWorkspace(flags, print));
  placed(
    cli.command('export <file>').description('write a stopped workspace, with its keys, into one file'),
  ).action(async (file: string, flags: PlaceFlags) => {
    const { exportStopped } = await import('./archive.ts');
    await exportStopped(flags, path.resolve(file));
    print(`Written to ${path.resolve(file)}. It holds the keys of the workspace: keep it private.`);
  });
  placed(cli.command('import <file>').description('make a workspace from an exported one')).action(
    async (file: string, flags: PlaceFlags) => {
      const { importWorkspace } = await import('./archive.ts');
      const folder = dataFoldersOf(flags).kept;
      await importWorkspace(folder, path.resolve(file));
      print(`The workspace is in ${folder}. Start it with: npx azureml-local start`);
    },
  );
  placed(cli.command('key <endpoint>').description('print the primary key of an online endpoint')).action(
    async (endpoint: string, flags: PlaceFlags) => print(await endpointKey(flags, endpoint)),
  );
}

function port(text: string): string {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return text;
  throw new InvalidArgumentError('It is a number from 0 to 65535.');
}

function placed(command: Command): Command {
  return command
    .option('--home <folder>', 'where workspace and runs are kept (default: .azureml-local)')
    .option('--data <folder>', "the workspace's own folder (default: workspace in --home)");
}

async function start(flags: StartFlags, print: Print): Promise<void> {
  const running = await findRunning(flags);
  if (running) {
    refuseUnheeded(flags, running.address.processId);
    print(`The embedded workspace is already running (process ${running.address.processId}).`);
    return [...endpointLines(running.address), ...NEXT].forEach(print);
  }
  const { kept, passing } = dataFoldersOf(flags);
  const options: StartOptions = {
    dataFolder: flags.memory ? passing : kept,
    ...(flags.memory && { isPassing: true }),
    ...(flags.port && { port: flags.port }),
    ...(flags.fault && { faultFile: path.resolve(flags.fault) }),
  };
  // What a killed one left is not kept either.
  if (flags.memory) await rm(passing, { recursive: true, force: true });
  if (flags.seed)
    await (await import('./archive.ts')).seedWorkspace(options.dataFolder, path.resolve(flags.seed));
  if (flags.foreground) {
    process.exitCode = await startInForeground(options, (address) =>
      ['The embedded workspace runs until Ctrl+C.', ...endpointLines(address), ...NEXT.slice(0, 1)].forEach(
        print,
      ),
    );
    return;
  }
  const { address } = await ensureWorkspace(options);
  ['The embedded workspace was started.', ...endpointLines(address), ...NEXT].forEach(print);
}

/** What only a start can do is not passed over in silence where the workspace runs already. */
function refuseUnheeded(flags: StartFlags, processId: number): void {
  const asked = (['port', 'memory', 'seed', 'fault', 'foreground'] as const).filter((name) => flags[name]);
  if (asked.length === 0) return;
  const list = asked.map((name) => `--${name}`).join(', ');
  throw new Problem({
    code: 'conflict',
    message: `The embedded workspace is already running (process ${processId}): ${list} cannot be heeded any more.`,
    next:
      asked.join() === 'fault'
        ? 'Give the faults to the running one: npx azureml-local fault <file>'
        : 'Stop it first: npx azureml-local stop',
  });
}

const NEXT = [
  'Settings for clients: npx azureml-local env --shell bash|powershell|python|node|json',
  'Stop it with: npx azureml-local stop',
];

async function stop(flags: PlaceFlags): Promise<boolean> {
  const running = await findRunning(flags);
  return running !== undefined && (await stopWorkspace(running.folder));
}

async function status(flags: PlaceFlags, print: Print): Promise<void> {
  const running = await findRunning(flags);
  if (!running)
    return print('No embedded workspace is running here. Start one with: npx azureml-local start');
  const { processId, workspaceName, resourceGroup, apiUrl } = running.address;
  print(`Running at ${apiUrl} (process ${processId}), workspace ${workspaceName} in ${resourceGroup}.`);
  endpointLines(running.address).forEach(print);
}
