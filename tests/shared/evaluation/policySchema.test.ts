import { Ajv } from 'ajv';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { policyWords, readPolicy } from '../../../shared/evaluation/index.ts';
import { Problem, Problems } from '../../../shared/problem/index.ts';

const schema: unknown = JSON.parse(readFileSync('docs/schemas/policy.schema.json', 'utf8'));
const validate = new Ajv({ strictRequired: false }).compile(schema as object);

interface SchemaShape {
  readonly properties: Record<string, unknown>;
  readonly definitions: {
    readonly metric: {
      readonly properties: { readonly change: { readonly properties: Record<string, unknown> } };
    };
  };
}

function accepted(policy: unknown): boolean {
  try {
    readPolicy(JSON.stringify(policy), { input: 'policy' });
    return true;
  } catch (error) {
    if (error instanceof Problem || error instanceof Problems) return false;
    throw error;
  }
}

/** min above max is the one rule a JSON Schema cannot say. */
function limitsCross(policy: unknown): boolean {
  const metrics = (policy as { metrics?: Record<string, { min?: unknown; max?: unknown }> }).metrics ?? {};
  if (typeof metrics !== 'object') return false;
  return Object.values(metrics).some(
    (rule) => typeof rule?.min === 'number' && typeof rule.max === 'number' && rule.min > rule.max,
  );
}

const number = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ noNaN: true, noDefaultInfinity: true }));
const odd = fc.constantFrom<unknown>(null, '', ' ', 'x', true, 7, -1, [], {}, ['a'], '2%', '-2%', '2 %', '2');
const mostly = (value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 40, arbitrary: value }, { weight: 1, arbitrary: odd });
const distance = mostly(
  fc.oneof(
    fc.nat(9),
    fc.nat(9).map((n) => `${n}%`),
    fc.nat(9).map((n) => `${n}.5 %`),
  ),
);
const change = fc
  .record({ gain: distance, tolerance: distance, slack: distance }, { requiredKeys: [] })
  .map((all) => {
    const { slack, ...known } = all;
    return slack === 3 ? all : known;
  });
const directed = fc.record(
  {
    direction: mostly(fc.constantFrom('higher', 'lower')),
    min: mostly(number),
    max: mostly(number),
    change: mostly(change),
    blocking: mostly(fc.boolean()),
  },
  { requiredKeys: ['direction'] },
);
const undirected = directed.map(({ direction, ...rest }) =>
  direction === 'higher' ? rest : { direction, ...rest },
);
const metric = fc.oneof({ weight: 5, arbitrary: directed }, { weight: 1, arbitrary: undirected });
const policy = fc.record(
  {
    $schema: mostly(fc.constant('https://example.org/policy.schema.json')),
    name: mostly(fc.constantFrom('diabetes', 'n')),
    description: mostly(fc.constant('why')),
    metrics: mostly(fc.dictionary(fc.constantFrom('auc', 'rmse', 'test r2'), mostly(metric), { minKeys: 1 })),
    withoutChampion: mostly(fc.constantFrom('pass', 'fail')),
    whenInconclusive: mostly(fc.constantFrom('pass', 'fail')),
    sameData: mostly(fc.constantFrom('checked', 'required', 'ignored')),
    dataInputs: mostly(fc.array(mostly(fc.constant('test_data')), { maxLength: 2 })),
    rowsMetric: mostly(fc.constant('rows')),
  },
  { requiredKeys: ['metrics'] },
);
const policyOrSurplus = fc.oneof(
  { weight: 9, arbitrary: policy },
  { weight: 1, arbitrary: policy.map((known) => ({ ...known, surplus: 1 })) },
);

describe("The policy's published schema", () => {
  it('knows exactly the words the parser knows', () => {
    const { properties, definitions } = schema as SchemaShape;
    assert.deepEqual(Object.keys(properties).toSorted(), [...policyWords.policy].toSorted());
    assert.deepEqual(
      Object.keys(definitions.metric.properties).toSorted(),
      [...policyWords.metric].toSorted(),
    );
    const words = Object.keys(definitions.metric.properties.change.properties);
    assert.deepEqual(words.toSorted(), [...policyWords.change].toSorted());
  });

  it('accepts and refuses exactly what the parser accepts and refuses', () => {
    const seen = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(policyOrSurplus, (candidate) => {
        // What is compared is the JSON text: it has no undefined and no -0.
        const document: unknown = JSON.parse(JSON.stringify(candidate));
        fc.pre(!limitsCross(document));
        const verdict = accepted(document);
        seen[verdict ? 'accepted' : 'refused'] += 1;
        assert.equal(validate(document), verdict, JSON.stringify(validate.errors));
      }),
      { numRuns: 1500 },
    );
    assert.ok(seen.accepted > 50 && seen.refused > 50, JSON.stringify(seen));
  });
});
