import { Hono } from 'hono';
import type { ClockState, MovableClock, WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { milliseconds } from '../../engine/jobs/duration.ts';
import { Members, readBody, type Json } from '../../server/bodies.ts';
import { userError } from '../../server/failures.ts';

const PATH = '/admin/clock';
const WORDS = ['advance', 'set', 'freeze', 'reset'];

/** The workspace's clock: looked at, moved, stopped, and set back to the machine's. */
export function clockRoutes({ clock, log }: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  app.get(PATH, (request) => request.json(shown(clock.state())));
  app.post(PATH, async (request) => {
    const state = clock.move(readMove(await readBody(request), clock));
    log(`the clock was moved to ${state.now.toISOString()}${state.frozen ? ' and stands still' : ''}`);
    return request.json(shown(state));
  });
  return app;
}

function shown({ now, aheadInMs, frozen }: ClockState): object {
  return { now: now.toISOString(), aheadInSeconds: aheadInMs / 1000, frozen };
}

function readMove(body: Json, clock: MovableClock): Parameters<MovableClock['move']>[0] {
  const unknown = Object.keys(body).find((word) => !WORDS.includes(word));
  if (unknown !== undefined)
    throw userError(`The clock knows no '${unknown}'; it knows ${WORDS.join(', ')}.`);
  const members = new Members(body, 'body');
  const frozen = members.flag('freeze');
  const to = targetOf(members, clock);
  return { ...(to === undefined ? {} : { to }), ...(frozen === undefined ? {} : { frozen }) };
}

function targetOf(members: Members, clock: MovableClock): Date | 'machine' | undefined {
  const [advance, set, reset] = [members.text('advance'), members.text('set'), members.flag('reset')];
  const given = [advance !== undefined, set !== undefined, reset === true].filter(Boolean).length;
  if (given > 1) throw userError("Give one of 'advance', 'set' and 'reset'.");
  if (advance !== undefined) return advanced(clock, advance);
  if (set !== undefined) return timeIn(set);
  return reset === true ? 'machine' : undefined;
}

function advanced(clock: MovableClock, advance: string): Date {
  const by = milliseconds(advance);
  if (by === undefined)
    throw userError(`'advance' must be an ISO 8601 duration such as PT2H, not '${advance}'.`);
  return timeOf(clock.now().getTime() + by, advance);
}

function timeIn(set: string): Date {
  return timeOf(Date.parse(set), set);
}

function timeOf(time: number, asked: string): Date {
  const date = new Date(time);
  if (Number.isNaN(date.getTime()))
    throw userError(`'set' must be an ISO 8601 time such as 2027-01-31T08:00:00Z, not '${asked}'.`);
  return date;
}
