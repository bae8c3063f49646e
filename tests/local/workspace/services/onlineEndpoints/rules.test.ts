import assert from 'node:assert/strict';
import { durationInMs } from '../../../../../local/workspace/services/onlineEndpoints/durations.ts';
import { checkName } from '../../../../../local/workspace/services/onlineEndpoints/names.ts';
import { parseDeployment } from '../../../../../local/workspace/services/onlineEndpoints/parseDeployment.ts';
import {
  checkMirrorTraffic,
  checkTraffic,
} from '../../../../../local/workspace/services/onlineEndpoints/traffic.ts';
import { coresOf, reservedCores } from '../../../../../local/workspace/services/onlineEndpoints/vmSizes.ts';

describe('the rules of online endpoints', () => {
  const existing = new Set(['blue', 'green']);

  for (const name of ['abc', 'a-b-c', 'diabetes-1', 'a'.repeat(32)]) {
    it(`take the name '${name}'`, () => checkName('endpoint', name));
  }
  for (const name of [
    'ab',
    '1abc',
    'a--b',
    'abc-',
    '-abc',
    'a_b',
    'a.b',
    'ä-b',
    '',
    '../x',
    'a'.repeat(33),
  ]) {
    it(`refuse the name '${name}'`, () => {
      assert.throws(() => checkName('endpoint', name), /3 to 32 characters/);
    });
  }

  it('take traffic that adds up to nothing or all', () => {
    checkTraffic({}, existing);
    checkTraffic({ blue: 0, green: 0 }, existing);
    checkTraffic({ blue: 90, green: 10 }, existing);
  });

  it('refuse any other sum, and names of no deployment', () => {
    assert.throws(() => checkTraffic({ blue: 90, green: 20 }, existing), /must be 0 or 100, but it is 110/);
    assert.throws(() => checkTraffic({ blue: 50 }, existing), /it is 50/);
    assert.throws(() => checkTraffic({ red: 100 }, existing), /no deployment 'red'/);
  });

  it('let one deployment have at most half of the requests as copies', () => {
    checkMirrorTraffic({ green: 50 }, { blue: 100 }, existing);
    assert.throws(() => checkMirrorTraffic({ green: 51 }, { blue: 100 }, existing), /at most 50 percent/);
    assert.throws(() => checkMirrorTraffic({ green: 10, blue: 10 }, {}, existing), /one deployment only/);
    assert.throws(() => checkMirrorTraffic({ blue: 10 }, { blue: 100 }, existing), /takes live traffic/);
  });

  for (const [text, milliseconds] of [
    ['PT5S', 5_000],
    ['PT0.5S', 500],
    ['PT1M30S', 90_000],
    ['P1DT1H', 90_000_000],
  ] as const) {
    it(`read the duration ${text}`, () => assert.equal(durationInMs(text), milliseconds));
  }
  for (const text of ['', 'P', 'PT', '5', '5s', 'PT-1S', 'P1Y']) {
    it(`refuse the duration '${text}'`, () => assert.equal(durationInMs(text), undefined));
  }

  for (const [size, cores] of [
    ['Standard_DS3_v2', 4],
    ['Standard_DS1_v2', 1],
    ['Standard_F4s_v2', 4],
    ['Standard_E16s_v3', 16],
    ['Standard_NC6s_v3', 6],
    ['Standard_D2as_v4', 2],
    ['Standard_NC24ads_A100_v4', 24],
  ] as const) {
    it(`know the cores of ${size}`, () => assert.equal(coresOf(size), cores));
  }
  it('know no cores of what is not a machine size', () => assert.equal(coresOf('big'), undefined));

  it('reserve a fifth more instances, in whole machines', () => {
    assert.equal(reservedCores(4, 1), 8);
    assert.equal(reservedCores(4, 5), 24);
  });

  it('name everything that is wrong in a deployment in one sentence', () => {
    const body = {
      sku: { capacity: 0 },
      properties: {
        endpointComputeType: 'Cloud',
        requestSettings: { requestTimeout: 'PT400S', maxConcurrentRequestsPerInstance: 0 },
        livenessProbe: { period: '10' },
        environmentVariables: { A: 1 },
      },
    };
    assert.throws(
      () => parseDeployment(body),
      (error: Error) => {
        for (const part of [
          'location is required',
          'sku.capacity must be a whole number from 1 to 50',
          "properties.endpointComputeType must be one of Managed, Kubernetes, not 'Cloud'",
          'properties.requestSettings.requestTimeout must be at most 180 seconds',
          'properties.requestSettings.maxConcurrentRequestsPerInstance must be a whole number',
          "properties.livenessProbe.period must be an ISO 8601 duration, not '10'",
          'properties.environmentVariables.A must be a text',
        ])
          assert.ok(error.message.includes(part), `${part} is not in: ${error.message}`);
        return true;
      },
    );
  });
});
