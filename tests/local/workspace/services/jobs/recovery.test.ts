import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openLab, until, type Lab } from './lab.ts';

describe('A workspace that was killed', () => {
  let dataFolder: string;
  let lab: Lab;
  let pids: number[];
  before(async () => {
    dataFolder = await mkdtemp(path.join(os.tmpdir(), 'workspace-'));
    const script = fileURLToPath(new URL('./dieWithJobs.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', script, dataFolder], { stdio: 'inherit' });
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
    assert.equal(signal, 'SIGKILL');
    const log = await readFile(path.join(dataFolder, 'jobs', 'running_0', 'std_log.txt'), 'utf8');
    pids = [...log.matchAll(/(?:pid|child) (\d+)/g)].map((match) => Number(match[1]));
    assert.equal(pids.filter(isAlive).length, 2, 'the processes of the job outlive the kill');
    await cutOffMarks(path.join(dataFolder, 'jobs', 'running_1', 'process.json'));
    lab = await openLab({ dataFolder });
  });
  after(async () => {
    await lab?.stop();
    await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('ends the processes it had left running', async () => {
    await until(() => pids.every((pid) => !isAlive(pid)), 'the processes to be gone');
  });

  it('marks jobs that were running as failed, with the reason, and keeps what they had printed', async () => {
    const { properties } = await lab.ended('running_0');
    assert.equal(properties.status, 'Failed');
    const { error } = await lab.details('running_0');
    assert.equal(error.error.code, 'ServiceError');
    assert.match(error.error.message, /The node that ran the job was lost/);
    await until(async () => /last words/.test(await lab.log('running_0')), 'the log');
  });

  it('starts although the kill cut off the writing of the marks of a job, and marks that one, too', async () => {
    assert.equal((await lab.ended('running_1')).properties.status, 'Failed');
    assert.match((await lab.details('running_1')).error.error.message, /The node that ran the job was lost/);
  });

  it('runs jobs that had not begun', async () => {
    assert.equal((await lab.ended('waiting')).properties.status, 'Completed');
    assert.equal((await lab.log('waiting')).trim(), 'ran after all');
    assert.equal((await lab.ended('cancelling')).properties.status, 'Completed');
  });
});

describe('A workspace that is stopped', () => {
  it('ends its jobs, and says so at the next start', async () => {
    const dataFolder = await mkdtemp(path.join(os.tmpdir(), 'workspace-'));
    const first = await openLab({ dataFolder });
    await first.submit('cut', { command: 'echo pid $$; sleep 300' });
    await until(async () => /pid/.test(await first.log('cut')), 'its start');
    const pid = Number(/pid (\d+)/.exec(await first.log('cut'))?.[1]);
    await first.stop();
    assert.equal(isAlive(pid), false);
    const second = await openLab({ dataFolder });
    try {
      const { properties } = await second.ended('cut');
      assert.equal(properties.status, 'Failed');
      assert.match((await second.details('cut')).error.error.message, /workspace was stopped/);
    } finally {
      await second.stop();
      await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 });
    }
  });
});

/** As a kill leaves the file between its making and its writing; the processes it named are ended here instead. */
async function cutOffMarks(file: string): Promise<void> {
  const marks = JSON.parse(await readFile(file, 'utf8')) as { pid: number }[];
  for (const { pid } of marks) process.kill(-pid, 'SIGKILL');
  await writeFile(file, '');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
