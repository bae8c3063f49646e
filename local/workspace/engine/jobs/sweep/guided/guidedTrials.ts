import { Problem } from '../../../../../../shared/problem/index.ts';
import { prepareEnvironment } from '../../../environments/index.ts';
import type { JobTools } from '../../tools.ts';
import type { Distribution } from '../distribution.ts';
import type { Trial, TrialSource } from '../trials.ts';
import { type Proposer, startProposer } from './proposer.ts';

const BAYESIAN_PACKAGES = ['optuna==4.9.0'];
const SOBOL_PACKAGES = [
  "scipy==1.13.1 ; python_version < '3.10'",
  "scipy==1.15.3 ; python_version >= '3.10'",
];
const LARGEST_SEED = 2 ** 31;
/** Some distributions need two numbers for one draw. */
const NUMBERS_PER_DRAW = 2;

type Space = Readonly<Record<string, Distribution>>;

export interface Guidance {
  readonly space: Space;
  readonly seed: number | undefined;
  readonly tools: JobTools;
  readonly onLog: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Trials that learn from those before: what each gave is told to the proposer. */
export async function bayesianTrials(guidance: Guidance): Promise<TrialSource> {
  const parameters = Object.entries(guidance.space);
  const space = parameters.map(([name, distribution]) => parameterOf(name, distribution));
  const proposer = await start(guidance, BAYESIAN_PACKAGES, { kind: 'bayesian', space });
  return sourceOf(proposer, (numbers) =>
    Object.fromEntries(
      parameters.map(([name, { values, range }], index) => {
        const number = numbers[index] ?? 0;
        return [name, values ? (values[number] ?? '') : (range?.write(number) ?? '')];
      }),
    ),
  );
}

/** Trials spread evenly over the space by Sobol's sequence. */
export async function sobolTrials(guidance: Guidance): Promise<TrialSource> {
  const parameters = Object.entries(guidance.space);
  const dimensions = parameters.length * NUMBERS_PER_DRAW;
  const proposer = await start(guidance, SOBOL_PACKAGES, { kind: 'sobol', dimensions });
  return sourceOf(proposer, (numbers) =>
    Object.fromEntries(
      parameters.map(([name, distribution], index) => {
        const own = numbers.slice(index * NUMBERS_PER_DRAW, (index + 1) * NUMBERS_PER_DRAW).values();
        return [name, distribution.draw(() => own.next().value ?? 0)];
      }),
    ),
  );
}

function sourceOf(proposer: Proposer, read: (numbers: readonly number[]) => Trial): TrialSource {
  return {
    next: async (number) => read(await proposer.ask(number)),
    tell: (number, value) => proposer.tell(number, value),
    close: () => proposer.close(),
  };
}

async function start(
  { seed, tools, onLog, signal }: Guidance,
  packages: readonly string[],
  order: object,
): Promise<Proposer> {
  const cacheFolder = tools.context.folders.environments;
  const { python } = await prepareEnvironment(
    { extraPipRequirements: packages },
    { cacheFolder, onLog, signal },
  );
  return startProposer(python, { ...order, seed: (seed ?? Date.now()) % LARGEST_SEED });
}

function parameterOf(name: string, { values, range }: Distribution): readonly unknown[] {
  if (values) return [name, values.length, 0, 0];
  if (range) return [name, null, range.low, range.high];
  throw new Problem({
    code: 'input',
    message: `Bayesian sampling takes choice, uniform and quniform, and '${name}' is drawn from another distribution.`,
    next: 'Change its distribution, or use random sampling.',
  });
}
