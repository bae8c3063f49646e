import fc from 'fast-check';
import assert from 'node:assert/strict';
import {
  judge,
  readPolicy,
  type Judgement,
  type Metrics,
  type Policy,
} from '../../../shared/evaluation/index.ts';
import { Problem, Problems } from '../../../shared/problem/index.ts';

function policy(text: string): Policy {
  return readPolicy(text, { input: 'policy' }).policy;
}

function judged(
  text: string,
  candidate: Metrics,
  champion?: Metrics,
  data: 'same' | 'different' | 'unknown' = 'same',
) {
  const { verdict, passed } = judge({ policy: policy(text), candidate, data, ...(champion && { champion }) });
  return [verdict, passed];
}

describe('The verdict', () => {
  const plain = 'metrics: {rmse: {direction: lower}}';
  const gain = 'metrics: {rmse: {direction: lower, change: {gain: 5%, tolerance: 1}}}';
  const limit = 'metrics: {rmse: {direction: lower, max: 70}}';

  it('is no-champion, and passes, when nothing is in use and the limits hold', () => {
    assert.deepEqual(judged(limit, { rmse: 70 }), ['no-champion', true]);
  });

  it('is no-champion, and does not pass, when the policy says so', () => {
    assert.deepEqual(judged(`withoutChampion: fail\n${limit}`, { rmse: 60 }), ['no-champion', false]);
  });

  it('is no-champion, and does not pass, when a limit is broken', () => {
    assert.deepEqual(judged(limit, { rmse: 70.0000001 }), ['no-champion', false]);
  });

  it('stays as compared, and does not pass, when a limit is broken', () => {
    assert.deepEqual(judged(limit, { rmse: 75 }, { rmse: 80 }), ['better', false]);
    assert.deepEqual(judged(limit, { rmse: 75 }, { rmse: 74 }), ['worse', false]);
    assert.deepEqual(judged(`whenInconclusive: pass\n${limit}`, { rmse: 75 }, {}), ['inconclusive', false]);
  });

  it('is better when every change asked for is met and something really gains', () => {
    assert.deepEqual(judged(plain, { rmse: 59.999 }, { rmse: 60 }), ['better', true]);
    assert.deepEqual(judged(gain, { rmse: 57 }, { rmse: 60 }), ['better', true]);
  });

  it('is comparable when losses are tolerated and nothing gains', () => {
    assert.deepEqual(judged(plain, { rmse: 60 }, { rmse: 60 }), ['comparable', true]);
    const tolerant = 'metrics: {rmse: {direction: lower, change: {tolerance: 2%}}}';
    assert.deepEqual(judged(tolerant, { rmse: 61.2 }, { rmse: 60 }), ['comparable', true]);
    assert.deepEqual(judged(tolerant, { rmse: 61.2000001 }, { rmse: 60 }), ['worse', false]);
  });

  it('is worse when one metric is worse than tolerated, however much the others gain', () => {
    const both = 'metrics: {rmse: {direction: lower}, r2: {direction: higher}}';
    assert.deepEqual(judged(both, { rmse: 1, r2: 0.4 }, { rmse: 60, r2: 0.5 }), ['worse', false]);
  });

  it('is inconclusive when the gain is smaller than asked, and when the loss is within tolerance but a gain was asked', () => {
    assert.deepEqual(judged(gain, { rmse: 57.5 }, { rmse: 60 }), ['inconclusive', false]);
    assert.deepEqual(judged(gain, { rmse: 61 }, { rmse: 60 }), ['inconclusive', false]);
    assert.deepEqual(judged(gain, { rmse: 61.5 }, { rmse: 60 }), ['worse', false]);
    assert.deepEqual(judged(`whenInconclusive: pass\n${gain}`, { rmse: 57.5 }, { rmse: 60 }), [
      'inconclusive',
      true,
    ]);
  });

  it("is inconclusive when the champion's metric is missing or not a number", () => {
    assert.deepEqual(judged(plain, { rmse: 1 }, {}), ['inconclusive', false]);
    assert.deepEqual(judged(plain, { rmse: 1 }, { rmse: Number.NaN }), ['inconclusive', false]);
    assert.deepEqual(judged(plain, { rmse: 1 }, { rmse: Infinity }), ['inconclusive', false]);
  });

  it('is inconclusive when the two were measured on different data, unless data is ignored', () => {
    assert.deepEqual(judged(plain, { rmse: 1 }, { rmse: 60 }, 'different'), ['inconclusive', false]);
    assert.deepEqual(judged(plain, { rmse: 99 }, { rmse: 60 }, 'different'), ['inconclusive', false]);
    assert.deepEqual(judged(`sameData: ignored\n${plain}`, { rmse: 1 }, { rmse: 60 }, 'different'), [
      'better',
      true,
    ]);
    assert.deepEqual(judged(plain, { rmse: 1 }, { rmse: 60 }, 'unknown'), ['better', true]);
    assert.deepEqual(judged(`sameData: required\n${plain}`, { rmse: 1 }, { rmse: 60 }, 'unknown'), [
      'inconclusive',
      false,
    ]);
  });

  it('never depends on a metric that is only reported', () => {
    const reported = `${plain.slice(0, -1)}, r2: {direction: higher, min: 0.5, blocking: false}}`;
    assert.deepEqual(judged(reported, { rmse: 59, r2: 0.1 }, { rmse: 60, r2: 0.9 }), ['better', true]);
    assert.deepEqual(judged(reported, { rmse: 59 }, { rmse: 60, r2: 0.9 }), ['better', true]);
    assert.deepEqual(judged(reported, { rmse: 60, r2: 0.99 }, { rmse: 60, r2: 0.9 }), ['comparable', true]);
  });

  it('of a policy of limits alone is comparable, whatever the champion has', () => {
    assert.deepEqual(judged('metrics: {latency: {max: 100}}', { latency: 100 }, {}), ['comparable', true]);
    assert.deepEqual(judged('metrics: {latency: {max: 100}}', { latency: 101 }, { latency: 200 }), [
      'comparable',
      false,
    ]);
  });

  it('takes percentages of the magnitude of a negative champion', () => {
    const ten = 'metrics: {score: {direction: higher, change: {gain: 10%, tolerance: 10%}}}';
    assert.deepEqual(judged(ten, { score: -90 }, { score: -100 }), ['better', true]);
    assert.deepEqual(judged(ten, { score: -90.1 }, { score: -100 }), ['inconclusive', false]);
    assert.deepEqual(judged(ten, { score: -110 }, { score: -100 }), ['inconclusive', false]);
    assert.deepEqual(judged(ten, { score: -110.1 }, { score: -100 }), ['worse', false]);
  });

  it('does not take an unchanged zero for a gain, nor tolerate a loss in percent of zero', () => {
    const ten = 'metrics: {score: {direction: higher, change: {gain: 10%, tolerance: 10%}}}';
    assert.deepEqual(judged(ten, { score: 0 }, { score: 0 }), ['inconclusive', false]);
    assert.deepEqual(judged(ten, { score: 0 }, { score: -0 }), ['inconclusive', false]);
    assert.deepEqual(judged(ten, { score: 1e-300 }, { score: 0 }), ['better', true]);
    assert.deepEqual(judged(ten, { score: -1e-300 }, { score: 0 }), ['worse', false]);
  });

  it('counts decimals as they are written', () => {
    const tenth = 'metrics: {a: {direction: higher, change: {gain: 0.1}}}';
    assert.deepEqual(judged(tenth, { a: 0.3 }, { a: 0.2 }), ['better', true]);
    const tolerated = 'metrics: {a: {direction: higher, change: {tolerance: 0.1}}}';
    assert.deepEqual(judged(tolerated, { a: 0.7 }, { a: 0.8 }), ['comparable', true]);
    assert.deepEqual(judged('metrics: {a: {direction: higher, change: {gain: 7%}}}', { a: 1.07 }, { a: 1 }), [
      'better',
      true,
    ]);
  });

  it('holds at the ends of what a number can be', () => {
    assert.deepEqual(judged(plain, { rmse: -1.7e308 }, { rmse: 1.7e308 }), ['better', true]);
    assert.deepEqual(judged(plain, { rmse: 5e-324 }, { rmse: 0 }), ['worse', false]);
  });
});

describe('A candidate without a usable blocking metric', () => {
  it('is an error that names every such metric and what was logged instead', () => {
    const rules = policy('metrics: {test_rmse: {max: 1}, test_r2: {min: 0}, gap: {max: 1, blocking: false}}');
    assert.throws(
      () => judge({ policy: rules, candidate: { test_rmsee: 1, test_r2: Number.NaN }, data: 'same' }),
      (error) => {
        assert.ok(error instanceof Problems);
        const [rmse, r2, ...more] = error.all;
        assert.deepEqual(more, []);
        assert.match(rmse?.message ?? '', /no metric 'test_rmse'/);
        assert.match(rmse?.next ?? '', /Did you mean 'test_rmsee'\?/);
        assert.match(r2?.message ?? '', /'test_r2' is NaN/);
        return error.all.every(({ code }) => code === 'metric');
      },
    );
  });

  it('is told where the policy asks for it', () => {
    const read = readPolicy('metrics:\n  loss: {max: 1}\n  auc:\n    min: 0', { file: 'evaluation.yml' });
    assert.throws(
      () => judge({ ...read, candidate: { loss: 0 }, data: 'same' }),
      (error) => {
        assert.ok(error instanceof Problem);
        assert.deepEqual(error.place, { file: 'evaluation.yml', line: 3, column: 3 });
        return true;
      },
    );
  });

  it('is an error for infinity, for names of Object.prototype and without champion, too', () => {
    for (const candidate of [{ auc: Infinity }, { auc: -Infinity }, {}]) {
      assert.throws(
        () => judge({ policy: policy('metrics: {auc: {min: 0}}'), candidate, data: 'same' }),
        Problem,
      );
    }
    assert.throws(
      () => judge({ policy: policy('metrics: {constructor: {min: 0}}'), candidate: {}, data: 'same' }),
      Problem,
    );
  });
});

const value = fc.oneof(
  fc.integer({ min: -10, max: 10 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ min: -1, max: 1, noNaN: true }),
);
const distance = fc.oneof(
  fc.nat(20).map((percent) => ({ percent })),
  fc.double({ min: 0, max: 5, noNaN: true }).map((absolute) => ({ absolute })),
);
const names = ['a', 'b', 'c'] as const;
const rule = fc.record(
  {
    direction: fc.constantFrom('higher' as const, 'lower' as const),
    min: value,
    max: value,
    gain: distance,
    tolerance: distance,
    blocking: fc.boolean(),
  },
  { requiredKeys: ['blocking'] },
);
const anyPolicy: fc.Arbitrary<Policy> = fc.record({
  metrics: fc
    .array(rule, { minLength: 1, maxLength: 3 })
    .map((rules) => rules.map((each, index) => ({ ...each, name: names[index]! }))),
  withoutChampion: fc.constantFrom('pass' as const, 'fail' as const),
  whenInconclusive: fc.constantFrom('pass' as const, 'fail' as const),
  sameData: fc.constantFrom('checked' as const, 'required' as const, 'ignored' as const),
  dataInputs: fc.constant([]),
});
const allMetrics = fc.record({ a: value, b: value, c: value });
const someMetrics = fc.record(
  { a: fc.oneof(value, fc.constant(Number.NaN)), b: value, c: value },
  { requiredKeys: [] },
);
const data = fc.constantFrom('same' as const, 'different' as const, 'unknown' as const);
const RANK = { worse: 0, inconclusive: 1, comparable: 2, better: 3, 'no-champion': 3 } as const;

describe('Whatever the numbers', () => {
  it('the verdict is never kinder than they are', () => {
    fc.assert(
      fc.property(
        anyPolicy,
        allMetrics,
        fc.option(someMetrics, { nil: undefined }),
        data,
        (rules, candidate, champion, same) => {
          const judgement = judge({ policy: rules, candidate, data: same, ...(champion && { champion }) });
          assertNoKinder(rules, judgement);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('a candidate that is better on one metric and equal on the rest is never judged worse than before', () => {
    fc.assert(
      fc.property(
        anyPolicy,
        allMetrics,
        someMetrics,
        value,
        data,
        (rules, candidate, champion, other, same) => {
          const first = rules.metrics[0]!;
          fc.pre(first.direction !== undefined && first.min === undefined && first.max === undefined);
          const improved =
            first.direction === 'higher' ? Math.max(candidate.a, other) : Math.min(candidate.a, other);
          const before = judge({ policy: rules, candidate, champion, data: same });
          const after = judge({
            policy: rules,
            candidate: { ...candidate, a: improved },
            champion,
            data: same,
          });
          assert.ok(RANK[after.verdict] >= RANK[before.verdict], `${before.verdict} became ${after.verdict}`);
          assert.ok(after.passed || !before.passed);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('turning every direction and every sign around changes nothing', () => {
    const mirrored = (metrics: Metrics): Metrics =>
      Object.fromEntries(Object.entries(metrics).map(([name, number]) => [name, -number]));
    fc.assert(
      fc.property(anyPolicy, allMetrics, someMetrics, data, (rules, candidate, champion, same) => {
        const turned: Policy = {
          ...rules,
          metrics: rules.metrics.map(({ direction, min, max, ...rest }) => ({
            ...rest,
            ...(direction && {
              direction: direction === 'higher' ? ('lower' as const) : ('higher' as const),
            }),
            ...(max !== undefined && { min: -max }),
            ...(min !== undefined && { max: -min }),
          })),
        };
        const straight = judge({ policy: rules, candidate, champion, data: same });
        const around = judge({
          policy: turned,
          candidate: mirrored(candidate),
          champion: mirrored(champion),
          data: same,
        });
        assert.deepEqual([around.verdict, around.passed], [straight.verdict, straight.passed]);
      }),
      { numRuns: 2000 },
    );
  });

  it('candidate and champion cannot each be better than the other', () => {
    fc.assert(
      fc.property(anyPolicy, allMetrics, allMetrics, (rules, one, other) => {
        fc.pre(rules.metrics.every(({ tolerance }) => tolerance === undefined));
        const there = judge({ policy: rules, candidate: one, champion: other, data: 'same' });
        const back = judge({ policy: rules, candidate: other, champion: one, data: 'same' });
        assert.ok(!(there.verdict === 'better' && back.verdict === 'better'));
        if (there.verdict === 'better') assert.equal(back.verdict, 'worse');
      }),
      { numRuns: 2000 },
    );
  });

  it('every finding has a sentence, and numbers that differ never look alike in it', () => {
    fc.assert(
      fc.property(anyPolicy, allMetrics, someMetrics, data, (rules, candidate, champion, same) => {
        const { findings, reason } = judge({ policy: rules, candidate, champion, data: same });
        assert.match(reason, /^[A-Z].*\.$/);
        for (const finding of findings) {
          assert.match(finding.reason, /\.$/);
          assert.doesNotMatch(finding.reason, /undefined|NaN|Infinity/);
          const moved = / went from (\S+) to ([^\s:,;]+)/.exec(finding.reason);
          if (moved) assert.notEqual(moved[1], moved[2]);
        }
      }),
    );
  });
});

/** The table of verdicts, stated from the other side: what each verdict must not hide. */
function assertNoKinder(rules: Policy, { verdict, passed, findings, data: same }: Judgement): void {
  const blocking = findings.filter((finding) => finding.blocking);
  const broken = blocking.some(({ metric, candidate }) => {
    const { min = -Infinity, max = Infinity } = rules.metrics.find(({ name }) => name === metric)!;
    return !(candidate! >= min && candidate! <= max);
  });
  if (broken) assert.equal(passed, false);
  if (verdict === 'no-champion') return assert.equal(passed, !broken && rules.withoutChampion === 'pass');
  const compared = blocking.filter(({ direction }) => direction !== undefined);
  const gains = compared.map(({ direction, candidate, champion }) =>
    champion === undefined
      ? Number.NaN
      : Math.sign(candidate! - champion) * (direction === 'higher' ? 1 : -1),
  );
  if (verdict === 'better') {
    assert.ok(gains.includes(1));
    assert.ok(!gains.some(Number.isNaN));
  }
  if (verdict === 'better' || verdict === 'comparable') {
    assert.ok(compared.length === 0 || same !== 'different' || rules.sameData === 'ignored');
    for (const [index, { metric }] of compared.entries()) {
      const { gain, tolerance } = rules.metrics.find(({ name }) => name === metric)!;
      if (tolerance === undefined) assert.ok(gains[index]! >= 0);
      const asked = gain && ('absolute' in gain ? gain.absolute : gain.percent) > 0;
      if (asked) assert.equal(gains[index], 1);
    }
  }
  if (verdict === 'worse') assert.ok(gains.includes(-1) && !passed);
  if (verdict === 'inconclusive') assert.equal(passed, !broken && rules.whenInconclusive === 'pass');
}
