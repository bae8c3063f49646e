import assert from 'node:assert/strict';
import { exchange } from '../../../../scripts/conformance/api/exchange.ts';
import { generated } from '../../../../scripts/conformance/api/resources.ts';
import { requestSchemas } from '../../../../scripts/conformance/api/schema.ts';
import { prepareGround, type Ground } from '../../../../scripts/conformance/api/workspace.ts';

const VERSION = '2025-12-01';
/** A part of what `npm run conformance:api` does. */
const SAMPLE = ['environments/versions', 'models/versions', 'data/versions', 'datastores', 'onlineEndpoints'];

describe('The embedded workspace beside the published API', () => {
  let ground: Ground;
  before(async () => (ground = await prepareGround()));
  after(() => ground.stop());

  for (const target of generated.filter(({ resource }) => SAMPLE.includes(resource))) {
    it(`takes, refuses and answers ${target.resource} as published`, async () => {
      const members = requestSchemas(VERSION)(`workspaces_${target.resource.replace('/', '_')}`);
      const { findings, accepted, refused } = await exchange(ground, target, members, {
        version: VERSION,
        seed: 7,
      });
      assert.deepEqual(findings, []);
      assert.ok(accepted > 0 && refused > 0);
    });
  }
});
