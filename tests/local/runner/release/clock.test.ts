import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { leapingClock, steadyClock } from '../../../../local/runner/release/clock.ts';

const DAY = 86_400_000;

describe('the clock of a release', () => {
  it('leaps to whatever is due next once every strand waits, in the order in which things are due', async () => {
    const clock = leapingClock();
    const start = clock.now().getTime();
    const woken: string[] = [];
    const strand = (name: string, days: number) =>
      clock.strand(async () => {
        await clock.sleep(days * DAY);
        woken.push(`${name} ${Math.round((clock.now().getTime() - start) / DAY)}`);
      });
    await Promise.all([strand('late', 3), strand('early', 1), strand('middle', 2)]);
    assert.deepEqual(woken, ['early 1', 'middle 2', 'late 3']);
  });

  it('keeps real time while any strand works', async () => {
    const clock = leapingClock();
    const start = clock.now().getTime();
    let seen = 0;
    const works = clock.strand(async () => {
      await delay(50);
      seen = clock.now().getTime() - start;
    });
    const waits = clock.strand(() => clock.sleep(DAY));
    await Promise.all([works, waits]);
    assert.ok(seen < DAY / 2);
    assert.ok(clock.aheadInMs >= DAY / 2);
  });

  it('lets a strand that waits for others leap with them', async () => {
    const clock = leapingClock();
    await clock.strand(() =>
      clock.wait(() => Promise.all([1, 2].map((days) => clock.strand(() => clock.sleep(days * DAY))))),
    );
    assert.ok(clock.aheadInMs > DAY);
  });

  it('wakes who is called off, without leaping', async () => {
    const clock = leapingClock();
    const called = new AbortController();
    const works = clock.strand(async () => {
      await delay(20);
      called.abort();
    });
    const waits = clock.strand(() => clock.sleep(DAY, called.signal));
    await Promise.all([works, waits]);
    assert.equal(clock.aheadInMs, 0);
  });

  it('starts where an earlier one has got to, and may then keep real time', async () => {
    const clock = steadyClock(5 * DAY);
    const ahead = clock.now().getTime() - Date.now();
    assert.ok(Math.abs(ahead - 5 * DAY) < DAY);
    await clock.strand(() => clock.wait(() => clock.sleep(1)));
    assert.equal(clock.aheadInMs, 5 * DAY);
  });
});
