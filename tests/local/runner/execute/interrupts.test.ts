import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createProject, logOf, readRecord, removeProjects, run, type Project } from './harness.ts';

after(removeProjects);

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** The runner as a program of its own, which hears signals. */
function start(project: Project, yaml: string): ChildProcess {
  const module = (file: string): string => JSON.stringify(path.join(root, file));
  const script = `import { createProject, run } from ${module('tests/local/runner/execute/harness.ts')};
    import { listenForInterrupts } from ${module('local/runner/index.ts')};
    await run(createProject(${JSON.stringify(project.folder)}), ${JSON.stringify(yaml)}, { interrupts: listenForInterrupts() });
    process.exit(7);`;
  return spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: root,
    stdio: 'inherit',
  });
}

async function until(file: string): Promise<void> {
  while (!existsSync(file)) await delay(20);
}

describe('Ctrl+C', () => {
  it('cancels once, kills the second time, and ends the record either way', async () => {
    const project = createProject();
    const [started, caught] = ['started', 'caught'].map((name) => path.join(project.folder, name));
    project.task(
      'Stubborn',
      `const fs = require('fs');
       for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => fs.writeFileSync(${JSON.stringify(caught)}, ''));
       setInterval(() => {}, 1000); fs.writeFileSync(${JSON.stringify(started)}, '');`,
    );
    const yaml = `
jobs:
- job: a
  steps: [{ checkout: none }, { task: Stubborn@1, name: stubborn }, { bash: 'true', name: after, condition: always() }]
- job: b
  dependsOn: a
  condition: always()
  steps: [{ bash: 'true' }]`;
    const child = start(project, yaml);
    const ended = once(child, 'exit');
    await until(started ?? '');
    child.kill('SIGINT');
    await until(caught ?? '');
    child.kill('SIGINT');
    assert.deepEqual(await ended, [7, null]);
    const record = readRecord(path.join(project.runs, '1'));
    assert.equal(record.result, 'canceled');
    const steps = record.stages[0]?.jobs[0]?.steps ?? [];
    assert.deepEqual(steps.map((step) => [step.refName, step.result]).slice(1), [
      ['stubborn', 'canceled'],
      ['after', 'canceled'],
    ]);
    assert.match(logOf(path.join(project.runs, '1'), steps[1]!), /canceled/);
  });

  it('reaches a job that still waits for a free place: it is not started', async () => {
    const project = createProject();
    const started = path.join(project.folder, 'started');
    const yaml = `
jobs:
- job: first
  steps: [{ checkout: none }, { bash: 'touch ${started}; exec sleep 60', name: sleeping }]
- job: queued
  steps: [{ checkout: none }, { bash: 'true', name: never }]
- job: cleanup
  condition: always()
  steps: [{ checkout: none }, { bash: 'true', name: cleanup }]`;
    const cancel = new AbortController();
    void until(started).then(() => cancel.abort());
    const interrupts = { cancel: cancel.signal, kill: new AbortController().signal };
    const ran = await run(project, yaml, { interrupts, maxParallelJobs: 1 });
    assert.deepEqual(
      ran.record.stages[0]?.jobs.map((job) => job.result),
      ['canceled', 'skipped', 'succeeded'],
    );
    assert.equal(ran.record.result, 'canceled');
  });
});
