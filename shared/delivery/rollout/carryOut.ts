import { Problem, messageOf } from '../../problem/index.ts';
import { drive } from '../../rollout/drive.ts';
import type { Step } from '../../rollout/machine.ts';
import { openDeploy, openPromote, openRollback, type Opening, type Turn } from '../../rollout/opening.ts';
import type { RolloutRecord } from '../../rollout/record.ts';
import type { Ended } from '../../rollout/state.ts';
import { wordsOfTraffic } from '../../rollout/traffic.ts';
import type { Journal } from './journal.ts';
import { observe } from './observe.ts';
import { ServicePerformer } from './performer.ts';
import type { DeployRequest } from './request.ts';
import type { RolloutSetting } from './setting.ts';

/** What a rollout came to; a rollout that had to be undone is thrown as a RolloutFailed. */
export interface RolloutOutcome {
  readonly end: 'finished' | 'held' | 'undone' | 'nothing-to-do';
  readonly deployment: string;
  readonly planHash: string;
  readonly words: string;
  readonly journal: Journal;
}

/** A rollout that ended badly, with what it did before; the Problem says why. */
export class RolloutFailed extends Error {
  readonly journal: Journal;
  readonly planHash: string;
  readonly deployment: string;
  /** False: the undoing failed, too. */
  readonly isUndone: boolean;
  constructor(
    cause: unknown,
    details: { journal: Journal; planHash: string; deployment: string; isUndone: boolean },
  ) {
    super(messageOf(cause), { cause });
    this.journal = details.journal;
    this.planHash = details.planHash;
    this.deployment = details.deployment;
    this.isUndone = details.isUndone;
  }
}

/** Called with how the deploy starts, before anything is changed; throws to refuse it. */
export type Inspect = (opening: Opening) => void;

/** Deploys: goes on where an interrupted run of the same request stopped, ends what another one left, or begins. */
export async function deploy(
  setting: RolloutSetting,
  request: DeployRequest,
  inspect: Inspect,
): Promise<RolloutOutcome> {
  for (;;) {
    const observed = await observe(setting.client, setting.endpointName, {
      abortSignal: setting.abortSignal,
    });
    const opening = openDeploy(observed?.state, request.wanted, setting.now());
    if (opening.is === 'busy') throw busy(setting.endpointName, opening.record);
    inspect(opening);
    announce(setting, opening);
    const outcome = await run(setting, opening.step);
    if (opening.is !== 'leftover') return outcome;
  }
}

function announce({ log }: RolloutSetting, opening: Exclude<Opening, { is: 'busy' }>): void {
  if (opening.is === 'fresh') return;
  const { deployment, phase } = opening.record;
  if (opening.is === 'resumed' && phase !== 'held')
    log.info(
      `An earlier run of this very rollout was interrupted; it goes on with deployment '${deployment}'.`,
    );
  if (opening.is === 'leftover')
    log.info(`An earlier rollout of deployment '${deployment}' was interrupted; it is undone first.`);
}

/** Gives the open rollout, or a deployment that stands by, all traffic. */
export async function promote(
  setting: RolloutSetting,
  options: { deployment: string | undefined; keepPrevious: number },
): Promise<RolloutOutcome> {
  const { state } = await existing(setting);
  return turn(setting, openPromote(state, options, setting.now()));
}

/** Undoes the open rollout, or the last finished one. */
export async function rollBack(setting: RolloutSetting): Promise<RolloutOutcome> {
  const { state } = await existing(setting);
  return turn(setting, openRollback(state, setting.now()));
}

async function existing(setting: RolloutSetting): Promise<NonNullable<Awaited<ReturnType<typeof observe>>>> {
  const observed = await observe(setting.client, setting.endpointName, { abortSignal: setting.abortSignal });
  if (observed) return observed;
  throw new Problem({
    code: 'not-found',
    message: `The workspace has no endpoint '${setting.endpointName}'.`,
    place: { input: 'endpointName' },
    next: 'Check its name, and that the service connection points at the right workspace.',
  });
}

async function turn(setting: RolloutSetting, opening: Turn): Promise<RolloutOutcome> {
  switch (opening.is) {
    case 'go':
      return run(setting, opening.step);
    case 'done': {
      const { journal } = new ServicePerformer(setting);
      const { deployment, words } = opening;
      return { end: 'nothing-to-do', deployment, planHash: '', words, journal };
    }
    case 'impossible':
      throw new Problem({ code: 'rollout', message: opening.words, next: opening.next });
  }
}

async function run(setting: RolloutSetting, step: Step): Promise<RolloutOutcome> {
  const performer = new ServicePerformer(setting);
  const ended = await drive(step, performer);
  const { deployment, planHash } = ended.course;
  const { journal } = performer;
  switch (ended.at) {
    case 'finished':
    case 'held':
      for (const missed of ended.missed)
        setting.log.warning(`An earlier deployment was not deleted: ${messageOf(missed)}`);
      return {
        end: step.effect ? ended.at : 'nothing-to-do',
        deployment,
        planHash,
        words: wordsOf(ended),
        journal,
      };
    case 'undone':
      if (ended.failure)
        throw new RolloutFailed(undone(ended), { journal, planHash, deployment, isUndone: true });
      return { end: 'undone', deployment, planHash, words: wordsOf(ended), journal };
    case 'stuck':
      throw new RolloutFailed(stuck(ended, setting.endpointName), {
        journal,
        planHash,
        deployment,
        isUndone: false,
      });
  }
}

function wordsOf(ended: Ended): string {
  const { after, before, deployment } = ended.course;
  switch (ended.at) {
    case 'finished':
      return `Deployment '${deployment}' is live: ${wordsOfTraffic(after.live)}.`;
    case 'held':
      return `The rollout of '${deployment}' is held at ${wordsOfTraffic(after.live)}; promote it or roll it back.`;
    case 'undone':
    case 'stuck':
      return `Traffic is as it was: ${wordsOfTraffic(before.live)}.`;
  }
}

/** The reason first; then that everything is as it was. */
function undone({ failure, course }: Extract<Ended, { at: 'undone' }>): unknown {
  const error = failure?.error;
  if (!(error instanceof Problem) || failure?.drift || failure?.untouched) return error;
  const words = course.endpointMade
    ? 'The endpoint that was created for it is deleted again.'
    : `Traffic is as it was: ${wordsOfTraffic(course.before.live)}.`;
  return new Problem({
    code: error.code,
    message: `${error.message} ${words}`,
    ...(error.next && { next: error.next }),
    ...(error.place && { place: error.place }),
    ...(error.reply && { reply: error.reply }),
    cause: error.cause ?? error,
  });
}

function stuck({ failure, error, course }: Extract<Ended, { at: 'stuck' }>, endpoint: string): Problem {
  const why = failure ? `${messageOf(failure.error)} Then undoing` : 'Undoing';
  return new Problem({
    code: 'rollout',
    message: `${why} the rollout of '${course.deployment}' on endpoint '${endpoint}' failed as well: ${messageOf(error)}`,
    next: 'Run the task again, or with the action rollback: how far it came is kept in the tags of the endpoint.',
    cause: error,
  });
}

function busy(endpoint: string, record: RolloutRecord): Problem {
  const { deployment, phase, since, until } = record;
  const isHeld = phase === 'held';
  return new Problem({
    code: 'conflict',
    message: isHeld
      ? `A rollout of deployment '${deployment}' is held open on endpoint '${endpoint}' since ${since.toISOString()}.`
      : `Another rollout, of deployment '${deployment}', is at work on endpoint '${endpoint}' since ${since.toISOString()}.`,
    next: isHeld
      ? 'Run the action promote or rollback first.'
      : `Wait for it to end. If its run is dead, run the action rollback; after ${until.toISOString()} a deploy undoes it by itself.`,
  });
}
