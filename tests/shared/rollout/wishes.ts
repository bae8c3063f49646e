import fc from 'fast-check';
import { STRATEGIES, type Strategy, type Wanted } from '../../../shared/rollout/endpointState.ts';
import { readSteps } from '../../../shared/rollout/strategy.ts';

/** A wish in short: which model, how it is rolled out. */
export interface Wish {
  readonly model: number;
  readonly name: string;
  readonly strategy: Strategy;
  readonly bake: number;
  readonly keep: number;
  readonly smoke: boolean;
  readonly steps?: readonly string[];
}

export function wantedOf(wish: Wish): Wanted {
  const steps = readSteps(wish.strategy, wish.steps ?? []);
  if ('complaint' in steps) throw new Error(steps.complaint);
  return {
    endpoint: { name: 'diabetes', settings: { properties: { authMode: 'Key' } }, tags: { team: 'risk' } },
    deployment: { name: wish.name, specification: { properties: { model: `azureml:m:${wish.model}` } } },
    rollout: {
      strategy: wish.strategy,
      steps: steps.steps,
      bakeTimeInMinutes: wish.bake,
      keepPrevious: wish.keep,
      limits: {},
    },
    ...(wish.smoke && { smokeTest: 'f'.repeat(64) }),
  };
}

const canary: fc.Arbitrary<readonly string[]> = fc
  .uniqueArray(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 4 })
  .map((steps) => [...steps].sort((one, other) => one - other).map(String));

/** Any wish at all. */
export const anyWish: fc.Arbitrary<Wish> = fc
  .record({
    model: fc.integer({ min: 1, max: 4 }),
    name: fc.constantFrom('blue', 'green', 'main', 'main-2'),
    strategy: fc.constantFrom(...STRATEGIES),
    bake: fc.constantFrom(0, 5),
    keep: fc.integer({ min: 0, max: 3 }),
    smoke: fc.boolean(),
  })
  .chain((wish) =>
    wish.strategy === 'canary' ? canary.map((steps) => ({ ...wish, steps })) : fc.constant<Wish>(wish),
  );
