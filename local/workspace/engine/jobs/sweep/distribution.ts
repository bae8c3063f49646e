import { Problem } from '../../../../../shared/problem/index.ts';
import { isRecord, literalText } from '../json.ts';

/** Gives numbers from 0 up to 1, the same ones for the same seed. */
export type RandomSource = () => number;

/** What a parameter of a sweep is drawn from. */
export interface Distribution {
  /** Every value it can have, when there are finitely many to go through. */
  readonly values?: readonly string[];
  /** Its limits, when every number between them is as likely, and how such a number is written. */
  readonly range?: { readonly low: number; readonly high: number; write(number: number): string };
  draw(random: RandomSource): string;
}

type Draw = (random: RandomSource, numbers: readonly number[]) => number;

const CONTINUOUS: Readonly<Record<string, Draw>> = {
  uniform: (random, [low = 0, high = 1]) => low + random() * (high - low),
  quniform: (random, [low = 0, high = 1, step = 1]) => rounded(low + random() * (high - low), step),
  loguniform: (random, [low = 0, high = 1]) => Math.exp(low + random() * (high - low)),
  qloguniform: (random, [low = 0, high = 1, step = 1]) =>
    rounded(Math.exp(low + random() * (high - low)), step),
  normal: (random, [mean = 0, deviation = 1]) => mean + deviation * standardNormal(random),
  qnormal: (random, [mean = 0, deviation = 1, step = 1]) =>
    rounded(mean + deviation * standardNormal(random), step),
  lognormal: (random, [mean = 0, deviation = 1]) => Math.exp(mean + deviation * standardNormal(random)),
  qlognormal: (random, [mean = 0, deviation = 1, step = 1]) =>
    rounded(Math.exp(mean + deviation * standardNormal(random)), step),
};

/** Reads `["uniform", [0.5, 0.9]]` as jobs have it, or `{type, min_value, max_value}` as pipeline steps have it. */
export function readDistribution(name: string, value: unknown): Distribution {
  const [type, args] = Array.isArray(value) ? [value[0] as unknown, value[1] as unknown] : fromObject(value);
  const kind = typeof type === 'string' ? type.toLowerCase() : '';
  const list: readonly unknown[] = Array.isArray(args) ? args : [];
  if (kind === 'choice') return choice(name, Array.isArray(list[0]) ? list[0] : list);
  const numbers = list.map(Number);
  if (numbers.some(Number.isNaN)) throw unreadable(name, value);
  if (kind === 'randint') return wholeNumbers(name, numbers[0] ?? 0);
  const draw = CONTINUOUS[kind];
  if (!draw) throw unreadable(name, value);
  return { draw: (random) => String(draw(random, numbers)), ...rangeOf(kind, numbers) };
}

function rangeOf(
  kind: string,
  [low = 0, high = 1, step = 1]: readonly number[],
): Pick<Distribution, 'range'> {
  if (kind === 'uniform') return { range: { low, high, write: String } };
  if (kind === 'quniform') return { range: { low, high, write: (number) => String(rounded(number, step)) } };
  return {};
}

function fromObject(value: unknown): [unknown, unknown] {
  if (!isRecord(value)) return [undefined, undefined];
  const { type, values, upper, mu, sigma, q } = value;
  if (values !== undefined) return [type, [values]];
  if (upper !== undefined) return [type, [upper]];
  const args = mu === undefined ? [value['min_value'], value['max_value'], q] : [mu, sigma, q];
  return [type, args.filter((argument) => argument !== undefined)];
}

function choice(name: string, options: readonly unknown[]): Distribution {
  const values = options.map((option) => literalText(option) ?? '');
  if (values.length === 0) throw unreadable(name, ['choice', options]);
  return { values, draw: (random) => values[Math.floor(random() * values.length)] ?? '' };
}

function wholeNumbers(name: string, upper: number): Distribution {
  if (!Number.isInteger(upper) || upper < 1) throw unreadable(name, ['randint', [upper]]);
  return { draw: (random) => String(Math.floor(random() * upper)) };
}

/** Sums of steps such as 0.1 leave dust behind the twelfth digit. */
function rounded(value: number, step: number): number {
  return Number((Math.round(value / step) * step).toPrecision(12));
}

/** Box and Muller's method. */
function standardNormal(random: RandomSource): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** A small generator with a seed (mulberry32). */
export function seeded(seed: number): RandomSource {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function unreadable(name: string, value: unknown): Problem {
  return new Problem({
    code: 'input',
    message: `The search space of '${name}' cannot be read: ${JSON.stringify(value)}.`,
    next: 'Use choice, uniform, quniform, loguniform, qloguniform, normal, qnormal, lognormal, qlognormal or randint with its arguments.',
  });
}
