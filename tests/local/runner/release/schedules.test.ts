import assert from 'node:assert/strict';
import path from 'node:path';
import { openOrganization } from '../../../../local/runner/index.ts';
import { nextTime } from '../../../../local/runner/release/schedule.ts';
import { createProject, removeProjects, screen } from '../execute/harness.ts';
import { afterStage, bash, definition, stage } from './definitions.ts';
import { read, release } from './harness.ts';

after(removeProjects);

const ALL_WEEK = [1, 2, 3, 4, 5, 6, 7];
/** A Wednesday. */
const NOW = new Date('2027-03-24T12:00:00Z');
const weekdays = { daysToRelease: 31, startHours: 3, startMinutes: 30, timeZoneId: 'UTC' };
const saturday = { ...weekdays, daysToRelease: 'saturday', timeZoneId: 'W. Europe Standard Time' };
const triggers = (more: object = {}) => [{ triggerType: 'schedule', schedule: { ...weekdays, ...more } }];
/** Stands still: whoever sleeps wakes by a signal only. */
const clock = {
  now: () => NOW,
  sleep: (_ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true })),
};

describe('The next time of a schedule', () => {
  const at = (days: number[], hours: number, zone: string, after: string): string | undefined =>
    nextTime([{ days, hours, minutes: 30, zone, onlyWithChanges: false }], new Date(after))?.toISOString();

  it('is later today, or on the next of its days', () => {
    assert.equal(at(ALL_WEEK, 13, 'UTC', '2027-03-24T12:00:00Z'), '2027-03-24T13:30:00.000Z');
    assert.equal(at(ALL_WEEK, 12, 'UTC', '2027-03-24T12:30:00Z'), '2027-03-25T12:30:00.000Z');
    assert.equal(at([3], 12, 'UTC', '2027-03-24T12:30:00Z'), '2027-03-31T12:30:00.000Z');
    assert.equal(nextTime([], NOW), undefined);
  });

  it('keeps its hour of the day when clocks are changed', () => {
    assert.equal(at([6], 3, 'Europe/Berlin', '2027-03-24T12:00:00Z'), '2027-03-27T02:30:00.000Z');
    assert.equal(at([1], 3, 'Europe/Berlin', '2027-03-24T12:00:00Z'), '2027-03-29T01:30:00.000Z');
    assert.equal(at([7], 2, 'Europe/Berlin', '2027-03-27T12:00:00Z'), '2027-03-28T01:30:00.000Z');
  });
});

describe('A scheduled release', () => {
  it('is made at the next time of the definition, and its stages wait for theirs, on a clock that leaps', async () => {
    const project = createProject();
    const stages = [
      stage('Staging', [bash('echo "$(Release.Reason)"')]),
      stage('Production', [bash('true')], { conditions: [afterStage('Staging')], schedules: [saturday] }),
      stage('Archive', [bash('true')], { conditions: [], schedules: [weekdays] }),
    ];
    const done = await release(project, definition(stages, { triggers: triggers() }), {
      ...{ scheduled: true, clock },
    });
    assert.deepEqual(done.stages(), { Staging: 'succeeded', Production: 'succeeded', Archive: 'succeeded' });
    assert.match(done.log('Staging'), /Schedule/);
    assert.equal(done.record.startTime, '2027-03-25T03:30:00.000Z');
    const started = (name: string) => done.stage(name).startTime?.slice(0, 16);
    assert.equal(started('Staging'), '2027-03-25T03:30');
    assert.equal(started('Archive'), '2027-03-26T03:30');
    assert.equal(started('Production'), '2027-03-27T02:30');
  });

  it('is not made when nothing changed and its schedule asks for changes, nor without a schedule', async () => {
    const project = createProject();
    const build = {
      ...{ alias: 'app', type: 'Build', isPrimary: true, sourceId: 's' },
      definitionReference: { definition: { id: '1', name: 'app' } },
    };
    const more = { artifacts: [build], triggers: triggers({ scheduleOnlyWithChanges: true }) };
    const plan = definition([stage('Staging', [bash('true')])], more);
    project.write('one/file', '1');
    project.write('two/file', '2');
    const take = (folder: string) =>
      release(project, plan, {
        ...{ scheduled: true, clock, artifacts: { app: path.join(project.repository, folder) } },
      });
    await take('one');
    await assert.rejects(take('one'), /Nothing has changed since Release-1/);
    assert.equal((await take('two')).record.name, 'Release-2');
    const unscheduled = definition([stage('Staging', [bash('true')])]);
    await assert.rejects(release(project, unscheduled, { scheduled: true }), /has no schedule/);
  });

  it('is made by an organisation that is open when its time comes', async () => {
    const project = createProject();
    let time = NOW.getTime();
    let naps = 0;
    const failures: unknown[] = [];
    const leapsOnce = {
      now: () => new Date(time),
      sleep: async (ms: number, signal?: AbortSignal) => {
        naps += 1;
        if (naps === 1) time += ms;
        else if (!signal?.aborted)
          await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
      },
    };
    const plan = await read(
      project,
      definition([stage('Staging', [bash('true')])], { triggers: triggers() }),
    );
    const organization = await openOrganization({
      ...{ definitions: [plan], pipelines: [], runsFolder: project.runs },
      failed: (error) => void failures.push(error),
      settings: {
        ...{ connections: [], taskFolders: [path.join(project.folder, 'tasks')], clock: leapsOnce },
        terminal: screen().terminal,
        secretsKeyFile: path.join(project.folder, 'home', 'key'),
        environment: { PATH: process.env['PATH'], HOME: project.folder },
      },
    });
    const address = `${organization.collectionUri}local/_apis/release/releases?api-version=7.1`;
    const headers = { authorization: `Bearer ${organization.token}` };
    for (let found = 0; found === 0;) {
      const { value } = (await (await fetch(address, { headers })).json()) as { value: { reason: string }[] };
      found = value.length;
      if (found > 0) assert.equal(value[0]?.reason, 'schedule');
    }
    await organization.close();
    await organization.idle();
    assert.deepEqual(failures, []);
  });
});
