import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { trial } from '../../../../scripts/conformance/kill/trial.ts';

const main = fileURLToPath(new URL('../../../../local/workspace/main.ts', import.meta.url));

describe('A workspace that is killed again and again', () => {
  it('keeps what it acknowledged, storage killed or not, and leaves nothing half done', async () => {
    const dataFolder = await mkdtemp(path.join(os.tmpdir(), 'kill-'));
    const program = ['--import', 'tsx', main];
    const { findings, acknowledged } = await trial({ program, dataFolder, kills: 3, seed: 11 });
    assert.deepEqual(findings, []);
    assert.ok(acknowledged > 0);
    await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 });
  });
});
