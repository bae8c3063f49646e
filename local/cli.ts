import { Command } from 'commander';
import path from 'node:path';
import { readAddress } from './workspace/address.ts';
import { Problem, Problems, wordsFor } from '../shared/problem/index.ts';
import { addClock } from './cli/clock.ts';
import { ensureWorkspace, stopWorkspace } from './cli/daemon.ts';
import { addFault } from './cli/faults.ts';
import { endpointKey } from './cli/key.ts';
import { resume, run, type AnswerFlags, type RunFlags } from './cli/run.ts';
import { stateFolders } from './cli/state.ts';
import type { RunOutcome } from './runner/index.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const collect = (value: string, all: string[] | undefined): string[] => [...(all ?? []), value];

function withAnswers(command: Command): Command {
  return command
    .option('--approve [environments...]', 'approve all environments, or these, without asking')
    .option('--reject [environments...]', 'reject all environments, or these, without asking')
    .option('--comment <text>', 'comment kept with the approval')
    .option('--home <folder>', 'where workspace and runs are kept (default: .azureml-local)');
}

/** A waiting run is no failure; a failed or cancelled one is. */
function exitCodeOf(outcome: RunOutcome): number {
  if (outcome.state === 'waiting') return 0;
  return outcome.result === 'succeeded' || outcome.result === 'succeededWithIssues' ? 0 : 1;
}

function program(): Command {
  const cli = new Command('azureml-local').description(
    'An Azure Machine Learning workspace and a pipeline runner on this machine.',
  );
  withAnswers(
    cli
      .command('run <pipeline>')
      .description('run an Azure Pipelines file with the built tasks against the embedded workspace'),
  )
    .option('--parameter <name=value>', 'a parameter of the pipeline', collect)
    .option('--variable <name=value>', 'a variable, as set when queueing', collect)
    .option('--repository <folder>', "what 'checkout: self' copies (default: the pipeline's folder)")
    .action(
      async (file: string, flags: RunFlags) => void (process.exitCode = exitCodeOf(await run(file, flags))),
    );
  withAnswers(
    cli.command('continue <record>').description('go on with a run that waits for an approval'),
  ).action(
    async (record: string, flags: AnswerFlags) =>
      void (process.exitCode = exitCodeOf(await resume(record, flags))),
  );
  cli
    .command('start')
    .description('start the embedded workspace in the background')
    .option('--home <folder>', 'where it is kept (default: .azureml-local)')
    .option('--port <number>', 'port to listen on (default: any free one, kept for the next start)')
    .option('--fault <file>', 'faults that requests meet, see docs/faults.md')
    .action(start);
  cli
    .command('stop')
    .description('stop the embedded workspace with its jobs and endpoints')
    .option('--home <folder>', 'where it is kept (default: .azureml-local)')
    .action(async ({ home }: { home?: string }) =>
      print(
        (await stopWorkspace(stateFolders(home).workspace))
          ? 'The embedded workspace is stopped.'
          : 'No embedded workspace is running here.',
      ),
    );
  cli
    .command('status')
    .description('say whether the embedded workspace runs, and where')
    .option('--home <folder>', 'where it is kept (default: .azureml-local)')
    .action(status);
  cli
    .command('key <endpoint>')
    .description('print the primary key of an online endpoint')
    .option('--home <folder>', 'where the workspace is kept (default: .azureml-local)')
    .action(async (endpoint: string, { home }: { home?: string }) =>
      print(await endpointKey(stateFolders(home).workspace, endpoint)),
    );
  addClock(cli, print);
  addFault(cli, print);
  return cli;
}

async function start({ home, port, fault }: { home?: string; port?: string; fault?: string }): Promise<void> {
  const { workspace } = stateFolders(home);
  const { address, wasRunning } = await ensureWorkspace({
    dataFolder: workspace,
    ...(port && { port }),
    ...(fault && { faultFile: path.resolve(fault) }),
  });
  print(`The embedded workspace ${wasRunning ? 'is already running' : 'was started'} at ${address.apiUrl}.`);
  print(`Its CA certificate: ${address.caFile}`);
  print('Stop it with: npx azureml-local stop');
}

async function status({ home }: { home?: string }): Promise<void> {
  const address = await readAddress(stateFolders(home).workspace);
  if (!address)
    return print('No embedded workspace is running here. Start one with: npx azureml-local start');
  print(
    `Running at ${address.apiUrl} (process ${address.processId}), workspace ${address.workspaceName} in ${address.resourceGroup}.`,
  );
}

function fail(error: unknown): void {
  for (const line of wordsFor(error)) process.stderr.write(`${line}\n`);
  if (!(error instanceof Problem || error instanceof Problems) && error instanceof Error)
    process.stderr.write(`${error.stack ?? ''}\n`);
  process.exitCode = 1;
}

await program().parseAsync(process.argv).catch(fail);
