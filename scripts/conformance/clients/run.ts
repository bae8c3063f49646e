import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Life } from './lives.ts';
import { stepIn, type Step } from './step.ts';

const LONGEST_LIFE_IN_MS = 20 * 60_000;

export interface Running {
  /** For the life's files and what its client printed. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  onStep(step: Step): void;
}

/** Lives one life to its end; one that ends early is a broken step of its own. */
export async function live(life: Life, { folder, environment, onStep }: Running): Promise<readonly Step[]> {
  await mkdir(folder, { recursive: true });
  const steps: Step[] = [];
  const take = (step: Step): void => {
    steps.push(step);
    onStep(step);
  };
  const [program, file, ...args] = await life.program();
  const log = createWriteStream(path.join(folder, 'client.log'));
  // Names of runs go first where a life is told under which it lives; the folder is always last.
  const child = spawn(program, [...nonEmpty(file), ...args, folder], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LONGEST_LIFE_IN_MS,
  });
  child.stderr.pipe(log, { end: false });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  for await (const line of createInterface({ input: child.stdout })) {
    const step = stepIn(line);
    if (step) take(step);
    else log.write(`${line}\n`);
  }
  const code = await ended;
  log.end();
  if (code !== 0)
    take({
      client: life.name,
      group: 'the life itself',
      operation: 'to its end',
      verdict: 'broken',
      note: `the client's process ended with ${code ?? 'a signal'}; see ${path.join(folder, 'client.log')}`,
      seconds: 0,
    });
  return steps;
}

function nonEmpty(file: string | undefined): string[] {
  return file === undefined ? [] : [file];
}
