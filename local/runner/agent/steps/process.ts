import { takeLine } from '../commands/execute.ts';
import { LOOKUP_VARIABLE } from '../process/reap.ts';
import { runProcess, type ProcessEnd } from '../process/run.ts';
import type { StepEnvironment } from '../environment.ts';
import type { RunningStep, StepHost, StepSignals } from './step.ts';

interface Work {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onStderr?: () => void;
}

/** `task.complete` with `done=true` ends the step this much later, even if the process lives on. */
const DONE_GRACE_IN_MS = 5_000;

/** Runs one process of a step, its lines going through the logging commands. */
export async function runStepProcess(
  work: Work,
  step: RunningStep,
  host: StepHost,
  signals: StepSignals,
): Promise<ProcessEnd> {
  const leave = new AbortController();
  const ended = new AbortController();
  const afterDone = async (): Promise<void> => {
    await host.clock.sleep(DONE_GRACE_IN_MS, ended.signal);
    leave.abort();
  };
  step.state.done.signal.addEventListener('abort', () => void afterDone(), { once: true });
  try {
    return await runProcess({
      ...work,
      ...signals,
      leave: leave.signal,
      clock: host.clock,
      onLine(line, stream) {
        if (stream === 'stderr') work.onStderr?.();
        takeLine(line, step.state);
      },
    });
  } finally {
    ended.abort();
  }
}

/** The parts of a step's environment that tasks and scripts share. */
export function environmentOf(step: RunningStep, host: StepHost): StepEnvironment {
  const { state } = host;
  return {
    agent: host.environment,
    step: step.env,
    variables: state.variables.all(),
    prependedPaths: state.prependedPaths,
    systemEndpoint: state.endpoints.system,
    lookupId: { [LOOKUP_VARIABLE]: host.lookupId },
  };
}

/** A folder a pipeline names, counted from the job's default working directory. */
export function defaultFolder(host: StepHost): string {
  return host.state.variables.get('System.DefaultWorkingDirectory') ?? host.folders.sources;
}
