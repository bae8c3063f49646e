import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { EventLog, renderEvents } from '../../../../../local/workspace/engine/scoring/events.ts';
import { tailOf } from '../../../../../local/workspace/engine/scoring/tail.ts';
import { readFile } from 'node:fs/promises';

describe('the log of a container', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'container-log-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('gives the last lines of a long file', async () => {
    const file = path.join(folder, 'long.log');
    const lines = Array.from({ length: 50_000 }, (_, index) => `line ${index} ${'ä'.repeat(index % 7)}`);
    await writeFile(file, `${lines.join('\n')}\n`);
    assert.equal(await tailOf(file, 3), lines.slice(-3).join('\n'));
    assert.equal(await tailOf(file, 20_000), lines.slice(-20_000).join('\n'));
  });

  it('gives a short file whole, and nothing for one that is not there', async () => {
    const file = path.join(folder, 'short.log');
    await writeFile(file, 'one\ntwo');
    assert.equal(await tailOf(file, 10), 'one\ntwo');
    assert.equal(await tailOf(path.join(folder, 'missing.log'), 10), '');
  });

  it('shows how far each step came, then what happened', async () => {
    const file = path.join(folder, 'events.jsonl');
    const events = new EventLog(file, () => new Date(0));
    events.step('SystemSetup', 'Succeeded');
    events.step('UserContainerStart', 'InProgress');
    events.event('BackOff', 'Warning', 'again in 1 s');
    events.step('UserContainerStart', 'Failed');
    assert.equal(
      renderEvents(await readFile(file, 'utf8')),
      [
        'Instance status:',
        'SystemSetup: Succeeded',
        'UserContainerStart: Failed',
        '',
        'Container events:',
        'Kind: Pod, Name: BackOff, Type: Warning, Time: 1970-01-01T00:00:00.000Z, Message: again in 1 s',
        '',
      ].join('\n'),
    );
  });
});
