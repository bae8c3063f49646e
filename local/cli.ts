import { Command } from 'commander';
import { Problem, Problems, wordsFor } from '../shared/problem/index.ts';
import { addCheck } from './cli/check/command.ts';
import { addClock } from './cli/clock.ts';
import { addFault } from './cli/faults.ts';
import { collect } from './cli/pairs.ts';
import { resume, run, type ContinueFlags, type RunFlags } from './cli/run.ts';
import { addServe } from './cli/serve.ts';
import { addWorkspace } from './cli/workspace.ts';
import type { RunOutcome } from './runner/index.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

function withAnswers(command: Command): Command {
  return command
    .option('--approve [environments...]', 'approve all environments, or these, without asking')
    .option('--reject [environments...]', 'reject all environments, or these, without asking')
    .option('--comment <text>', 'comment kept with the approval')
    .option('--home <folder>', 'where workspace and runs are kept (default: .azureml-local)');
}

/** What a classic release adds to `run` and `continue`. */
function withRelease(command: Command): Command {
  return command
    .option('--deploy <stages...>', 'deploy to these stages of a release by hand, also once more')
    .option(
      '--connection <id=name>',
      'a connection a release names by its id, and what stands for it',
      collect,
    )
    .option('--expire', 'let approvals nobody answers run into their time limit')
    .option('--real-time', 'wait for gates and delays of a release as long as they really take');
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
  withRelease(
    withAnswers(
      cli
        .command('run <file>')
        .description(
          'run a pipeline (YAML) or a classic release (exported JSON) with the built tasks against the embedded workspace',
        ),
    ),
  )
    .option('--artifact <alias=version>', 'the version a release takes of an artifact', collect)
    .option(
      '--variable-group <file>',
      'variable groups a release names by their ids, with their values',
      collect,
    )
    .option('--task-group <file>', 'task groups a release uses, as they are exported', collect)
    .option(
      '--leave-out <task>',
      "a task of a release to go on without, by name or id; 'unsupported': all that do not run here",
      collect,
    )
    .option('--stand-in <task=script>', 'a script in place of a task of a release', collect)
    .option('--scheduled', 'make the release at the next time of its schedule')
    .option('--parameter <name=value>', 'a parameter of the pipeline', collect)
    .option('--webhook <alias=file>', 'the JSON payload of a webhook of the pipeline', collect)
    .option('--variable <name=value>', 'a variable, as set when queueing', collect)
    .option('--repository <folder>', "what 'checkout: self' copies (default: the pipeline's folder)")
    .action(
      async (file: string, flags: RunFlags) => void (process.exitCode = exitCodeOf(await run(file, flags))),
    );
  withRelease(
    withAnswers(
      cli
        .command('continue <record>')
        .description('go on with a run that waits for an approval, or with a release'),
    ),
  ).action(
    async (record: string, flags: ContinueFlags) =>
      void (process.exitCode = exitCodeOf(await resume(record, flags))),
  );
  addServe(cli, print);
  addWorkspace(cli, print);
  addCheck(cli, print);
  addClock(cli, print);
  addFault(cli, print);
  return cli;
}

function fail(error: unknown): void {
  for (const line of wordsFor(error)) process.stderr.write(`${line}\n`);
  if (!(error instanceof Problem || error instanceof Problems) && error instanceof Error)
    process.stderr.write(`${error.stack ?? ''}\n`);
  process.exitCode = 1;
}

await program().parseAsync(process.argv).catch(fail);
