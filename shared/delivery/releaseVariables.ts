import {
  givenOutputs,
  openRelease,
  writeReleaseVariables,
  type InputReader,
  type TaskLog,
} from '../pipelines/index.ts';
import { messageOf, Problem } from '../problem/index.ts';

/** Which variables of a classic release shall hold which outputs of the step. */
export interface ReleaseVariables {
  /** Output by variable. */
  readonly outputs: Readonly<Record<string, string>>;
  /** The user named them, and so counts on them: that they cannot be written is a failure then. */
  readonly isAsked: boolean;
}

/** Written in the input to have no variables at all. */
const NONE = 'none';

/** Reads `variable=output` lines; without any, the task's own names count. */
export function readReleaseVariables(
  read: InputReader,
  defaults: Readonly<Record<string, string>>,
): ReleaseVariables {
  const input = 'releaseVariables';
  const text = read.text(input);
  if (text === undefined) return { outputs: defaults, isAsked: false };
  if (text.toLowerCase() === NONE) return { outputs: {}, isAsked: false };
  const outputs = read.pairs(input);
  const known = Object.values(defaults);
  for (const [name, output] of Object.entries(outputs)) {
    if (!known.includes(output))
      read.complain(
        input,
        `'${output}' is no output that '${name}' could hold.`,
        `Use one of ${known.join(', ')}.`,
      );
    if (/[\r\n$()]/.test(name)) read.complain(input, `'${name}' cannot be the name of a variable.`);
  }
  return { outputs, isAsked: true };
}

/** Lets later stages of a classic release read this step's outputs. In a pipeline's run there is nothing to do. */
export async function keepInRelease(
  { outputs, isAsked }: ReleaseVariables,
  { log, abortSignal }: { readonly log: TaskLog; readonly abortSignal: AbortSignal },
): Promise<void> {
  const given = givenOutputs();
  // An output that was not set empties its variable: a later stage must not take the one before for it.
  const wanted = Object.fromEntries(
    Object.entries(outputs).map(([name, output]) => [name, given.get(output) ?? '']),
  );
  if (Object.keys(wanted).length === 0) return;
  try {
    const release = await openRelease();
    if (!release) return;
    await writeReleaseVariables(release, wanted, { abortSignal });
    for (const [name, value] of Object.entries(wanted)) log.info(`Release variable ${name} is '${value}'.`);
  } catch (error) {
    if (isAsked || abortSignal.aborted) throw error;
    const next = "Set releaseVariables to 'none' if no later stage reads them.";
    log.warning(`The release variables were not written: ${sentences(error)} ${next}`);
  }
}

function sentences(error: unknown): string {
  const next = error instanceof Problem ? error.next : undefined;
  return [messageOf(error), next].filter(Boolean).join(' ');
}
