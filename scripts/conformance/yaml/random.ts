import fc from 'fast-check';

/** A source of whole numbers that is the same for the same seed. */
export class Random {
  readonly #numbers: Iterator<number>;

  constructor(seed: number) {
    this.#numbers = numbersFrom(seed);
  }

  /** From 0 up to, but without, the limit. */
  below(limit: number): number {
    const { value } = this.#numbers.next();
    return Math.floor((Number(value) / 2 ** 31) * limit);
  }

  pick<T>(items: readonly T[]): T | undefined {
    return items[this.below(items.length)];
  }
}

function* numbersFrom(seed: number): Generator<number> {
  for (let round = 0; ; round += 1)
    yield* fc.sample(fc.noBias(fc.integer({ min: 0, max: 2 ** 31 - 1 })), {
      seed: seed + round,
      numRuns: 10_000,
    });
}
