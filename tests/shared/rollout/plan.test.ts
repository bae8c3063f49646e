import assert from 'node:assert/strict';
import { judge } from '../../../shared/rollout/analysis.ts';
import type { DeploymentState, EndpointState, Wanted } from '../../../shared/rollout/endpointState.ts';
import { hashOf } from '../../../shared/rollout/json.ts';
import { makePlan, SPECIFICATION_TAG } from '../../../shared/rollout/plan.ts';
import { Problem } from '../../../shared/problem/index.ts';
import { wantedOf, type Wish } from './wishes.ts';

const WISH: Wish = { model: 2, name: 'blue', strategy: 'blue-green', bake: 0, keep: 1, smoke: false };

function deployment(name: string, model: number, more: Partial<DeploymentState> = {}): DeploymentState {
  const specification = { properties: { model: `azureml:m:${model}` } };
  const tags = { [SPECIFICATION_TAG]: hashOf(specification) };
  return { name, provisioningState: 'Succeeded', tags, specification, ...more };
}

function endpoint(live: Record<string, number>, ...deployments: DeploymentState[]): EndpointState {
  return {
    name: 'diabetes',
    provisioningState: 'Succeeded',
    settings: { properties: { authMode: 'Key' } },
    tags: { team: 'risk' },
    traffic: { live, mirror: {} },
    deployments,
  };
}

function nameFor(wish: Partial<Wish>, now: EndpointState): string {
  return makePlan(now, wantedOf({ ...WISH, ...wish })).deployment.name;
}

describe('A plan', () => {
  it('creates what is not there', () => {
    const plan = makePlan(undefined, wantedOf(WISH));
    assert.equal(plan.endpoint.change, 'create');
    assert.deepEqual(plan.endpoint.fields, [
      { field: 'properties.authMode', from: undefined, to: 'Key' },
      { field: 'tags.team', from: undefined, to: 'risk' },
    ]);
    assert.deepEqual([plan.deployment.change, plan.deployment.name], ['create', 'blue']);
    assert.deepEqual(plan.after.live, { blue: 100 });
  });

  it('takes the other colour, or a number, while the named deployment serves', () => {
    const blue = deployment('blue', 1);
    assert.equal(nameFor({}, endpoint({ blue: 100 }, blue)), 'green');
    assert.equal(nameFor({ name: 'green' }, endpoint({ green: 100 }, deployment('green', 1))), 'blue');
    assert.equal(nameFor({ name: 'main' }, endpoint({ main: 100 }, deployment('main', 1))), 'main-2');
    const both = endpoint({ blue: 50, green: 50 }, blue, deployment('green', 1));
    assert.equal(nameFor({}, both), 'blue-2');
    const long = 'a'.repeat(32);
    assert.equal(
      nameFor({ name: long }, endpoint({ [long]: 100 }, deployment(long, 1))),
      `${'a'.repeat(30)}-2`,
    );
  });

  it('updates a serving deployment in place only all at once', () => {
    const now = endpoint({ blue: 100 }, deployment('blue', 1));
    const plan = makePlan(now, wantedOf({ ...WISH, strategy: 'all-at-once' }));
    assert.deepEqual([plan.deployment.name, plan.deployment.change], ['blue', 'update']);
    assert.deepEqual(plan.steps, []);
  });

  it('spares the deployment that was mirrored to', () => {
    const now = endpoint({ blue: 100 }, deployment('blue', 1), deployment('green', 1));
    assert.equal(nameFor({}, { ...now, traffic: { live: { blue: 100 }, mirror: { green: 10 } } }), 'blue-2');
  });

  it('makes a deployment anew that failed', () => {
    const now = endpoint(
      { blue: 100 },
      deployment('blue', 1),
      deployment('green', 2, { provisioningState: 'Failed' }),
    );
    assert.equal(makePlan(now, wantedOf(WISH)).deployment.change, 'recreate');
  });

  it('compares field by field with what serves now', () => {
    const plan = makePlan(endpoint({ blue: 100 }, deployment('blue', 1)), wantedOf(WISH));
    assert.equal(plan.deployment.comparedWith, 'blue');
    assert.deepEqual(plan.deployment.fields, [
      { field: 'properties.model', from: 'azureml:m:1', to: 'azureml:m:2' },
    ]);
  });

  it('tells that an environment variable changes, but not its value', () => {
    const wanted: Wanted = {
      ...wantedOf(WISH),
      deployment: {
        name: 'blue',
        specification: { properties: { environmentVariables: { PASSWORD: 'secret-2', GONE: null } } },
      },
    };
    const before = deployment('blue', 1, {
      specification: { properties: { environmentVariables: { PASSWORD: 'secret-1', OLD: 'x' } } },
    });
    const plan = makePlan(endpoint({ blue: 100 }, before), wanted);
    assert.ok(!JSON.stringify(plan).includes('secret'));
    assert.deepEqual(
      plan.deployment.fields.map(({ field, to }) => [field, to]),
      [
        ['properties.environmentVariables.OLD', undefined],
        ['properties.environmentVariables.PASSWORD', '(value not shown)'],
      ],
    );
  });

  it('has another hash when the request or the endpoint differs, and the same otherwise', () => {
    const now = endpoint({ blue: 100 }, deployment('blue', 1));
    const hash = (wish: Partial<Wish>, state = now): string =>
      makePlan(state, wantedOf({ ...WISH, ...wish })).planHash;
    const same = hash({});
    assert.match(same, /^[0-9a-f]{64}$/);
    assert.equal(hash({}), same);
    const others = [
      hash({ model: 3 }),
      hash({ strategy: 'canary' }),
      hash({ bake: 5 }),
      hash({ keep: 0 }),
      hash({ smoke: true }),
      hash({}, { ...now, traffic: { live: {}, mirror: {} } }),
    ];
    assert.equal(new Set([same, ...others]).size, others.length + 1);
  });

  it('deletes earlier deployments beyond those to keep, and never one that is not of its own history', () => {
    const now = endpoint({ blue: 100 }, deployment('blue', 1), deployment('stranger', 1));
    assert.deepEqual(makePlan(now, wantedOf(WISH)).deletes, []);
    assert.deepEqual(makePlan(now, wantedOf({ ...WISH, keep: 0 })).deletes, ['blue']);
  });

  it('does not mirror where nothing is served', () => {
    assert.throws(
      () => makePlan(endpoint({}, deployment('blue', 1)), wantedOf({ ...WISH, strategy: 'shadow' })),
      (error) => error instanceof Problem && /nothing to mirror/.test(error.message),
    );
  });
});

describe('The limits of a bake time', () => {
  const limits = { maxErrorRatePercent: 5, maxLatencyInMs: 200, latencyPercentile: 95 } as const;

  it('hold when error rate and latency are below them', () => {
    const finding = judge(limits, { requests: 100, failedRequests: 5, latencyInMs: 200 }, true);
    assert.deepEqual(finding, {
      is: 'within-limits',
      words: '100 requests, 5 % failed, latency P95 200 ms, within the limits.',
    });
  });

  it('are broken by errors and by latency, and say by how much', () => {
    assert.deepEqual(judge(limits, { requests: 3, failedRequests: 1, latencyInMs: 250.126 }, false), {
      is: 'broken',
      words:
        '33.33 % of 3 requests failed, more than the limit of 5 %, and latency P95 was 250.13 ms, more than the limit of 200 ms.',
    });
  });

  it('say nothing without requests, unless a fewest number was asked for', () => {
    const idle = { requests: 0, failedRequests: 0, latencyInMs: undefined };
    assert.equal(judge(limits, idle, true).is, 'nothing-to-judge');
    const strict = { ...limits, minimumRequests: 10 };
    assert.equal(judge(strict, idle, false).is, 'nothing-to-judge');
    assert.deepEqual(judge(strict, { ...idle, requests: 4 }, true), {
      is: 'broken',
      words: 'Only 4 requests came in, fewer than the 10 asked for.',
    });
  });
});
