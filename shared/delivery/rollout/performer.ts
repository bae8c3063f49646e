import { redact, Problem } from '../../problem/index.ts';
import type { Performer } from '../../rollout/drive.ts';
import type { Effect, PutEndpoint } from '../../rollout/effects.ts';
import { hashOf } from '../../rollout/json.ts';
import { progressOf } from '../../rollout/progress.ts';
import type { Probe as SmokeProbe } from '../../rollout/smoke/smokeTest.ts';
import type { Event, Failure, State } from '../../rollout/state.ts';
import { runSmokeTest, smokeTestFailed } from '../smokeTest.ts';
import { elapsed } from './clock.ts';
import {
  deleteDeployment,
  prepareDeployment,
  restoreDeployment,
  saveDeployment,
} from './deploymentWrites.ts';
import { deleteEndpoint, Drift, putEndpoint } from './endpointWrites.ts';
import { Journal } from './journal.ts';
import { readLogTail } from './logTail.ts';
import { isRefusal, type Patience } from './patience.ts';
import type { RolloutSetting } from './setting.ts';
import { limitBroken, watch } from './watch.ts';

/** Carries out the effects of a rollout at the service, shows how far it is, and keeps what happened. */
export class ServicePerformer implements Performer {
  readonly journal = new Journal();
  readonly #setting: RolloutSetting;
  readonly #started: Date;

  constructor(setting: RolloutSetting) {
    this.#setting = setting;
    this.#started = setting.now();
  }

  observe(state: State): void {
    const { percent, activity } = progressOf(state);
    const time = elapsed(this.#started, this.#setting.now());
    this.#setting.log.progress(percent, activity);
    this.#setting.log.info(`[${time}] ${activity}`);
  }

  async perform(effect: Effect, state: State): Promise<Event> {
    try {
      const saved = await this.#carryOut(effect, state);
      return { is: 'done', at: this.#setting.now(), ...(saved && { saved }) };
    } catch (error) {
      return { is: 'failed', at: this.#setting.now(), failure: this.#failureOf(error, state) };
    }
  }

  async #carryOut(effect: Effect, state: State): Promise<string | undefined> {
    const setting = this.#setting;
    const patience = this.#patience(state);
    switch (effect.do) {
      case 'save-deployment':
        return saveDeployment(setting, effect.deployment, patience);
      case 'put-endpoint':
        return this.#put(effect, patience);
      case 'prepare-deployment':
        return void (await prepareDeployment(setting, this.#preparation(effect, state), patience));
      case 'smoke-test':
        return this.#smokeTest(effect.deployment);
      case 'bake':
        return this.#bake(effect, state);
      case 'read-log':
        return void (await this.#showLog(effect.deployment));
      case 'delete-deployment':
        return void (await deleteDeployment(setting, effect, patience));
      case 'restore-deployment':
        return void (await restoreDeployment(setting, { ...effect, rollout: state.course.id }, patience));
      case 'delete-endpoint':
        return void (await deleteEndpoint(setting, effect.madeBy, patience));
    }
  }

  /** What is being undone is undone to its end, even when the pipeline is cancelled meanwhile. */
  #patience(state: State): Patience {
    return {
      abortSignal: isUndoing(state) ? undefined : this.#setting.abortSignal,
      say: (line) => this.#setting.log.info(line),
    };
  }

  async #put(effect: PutEndpoint, patience: Patience): Promise<undefined> {
    const before = await putEndpoint(this.#setting, effect, patience);
    this.journal.traffic(this.#setting.now(), before, effect.split);
    return undefined;
  }

  #preparation(
    { deployment, change }: Extract<Effect, { do: 'prepare-deployment' }>,
    { course }: State,
  ): Parameters<typeof prepareDeployment>[1] {
    const { request, log } = this.#setting;
    const started = this.#setting.now();
    let said = started.getTime();
    const onState = (word: string, percent: number | undefined): void => {
      const now = this.#setting.now();
      if (now.getTime() - said < 30_000) return;
      said = now.getTime();
      const share = percent === undefined ? '' : `, ${Math.round(percent)} %`;
      log.info(`Deployment '${deployment}': ${word}${share}, ${elapsed(started, now)}`);
    };
    const specification = request ? hashOf(request.wanted.deployment.specification) : '';
    return { deployment, change, rollout: course.id, specification, onState };
  }

  async #smokeTest(deployment: string): Promise<undefined> {
    const { client, endpointName, smokeTest, abortSignal, maskSecret } = this.#setting;
    const endpoint = await client.endpoints.get(endpointName, { abortSignal });
    if (!endpoint || !smokeTest) return undefined;
    const onProbe = (probe: SmokeProbe): void => this.#sayProbe(probe);
    const probes = await runSmokeTest(client, smokeTest, {
      endpoint,
      deployment,
      abortSignal,
      maskSecret,
      onProbe,
    });
    this.journal.probes(this.#setting.now(), probes);
    if (probes.some(({ passed }) => !passed)) throw smokeTestFailed(deployment, probes);
    return undefined;
  }

  #sayProbe({ name, passed, status, latencyInMs, findings }: SmokeProbe): void {
    const facts = [status, latencyInMs === undefined ? undefined : `${Math.round(latencyInMs)} ms`];
    const words = facts.filter((fact) => fact !== undefined).join(', ');
    this.#setting.log.info(`${passed ? 'passed' : 'FAILED'}  ${name} (${words || 'no answer'})`);
    for (const finding of findings) this.#setting.log.info(`        ${finding}`);
  }

  async #bake({ deployment, since }: Extract<Effect, { do: 'bake' }>, { course }: State): Promise<undefined> {
    const { client, endpointName, abortSignal } = this.#setting;
    const endpoint = await client.endpoints.get(endpointName, { abortSignal });
    const watching = { deployment, since, wish: course.wish, endpointId: endpoint?.id ?? '' };
    const { passed, words } = await watch(this.#setting, watching);
    this.journal.look(this.#setting.now(), { name: `Limits of ${deployment}`, passed, words });
    if (!passed) throw limitBroken(deployment, words);
    this.#setting.log.info(words);
    return undefined;
  }

  async #showLog(deployment: string): Promise<void> {
    const { client, endpointName, log } = this.#setting;
    const lines = await readLogTail(client, endpointName, deployment);
    this.journal.log(lines);
    await log.group(`Log of deployment '${deployment}' (last ${lines.length} lines)`, () => {
      for (const line of lines) log.info(redact(line));
      return Promise.resolve();
    });
  }

  #failureOf(error: unknown, state: State): Failure {
    const cancelled = this.#setting.abortSignal.aborted && !isUndoing(state);
    if (error instanceof Drift) return { error: error.problem, drift: error.found };
    return { error: asProblem(error, state), untouched: isRefusal(error), cancelled };
  }
}

/** A name that is taken, and a deployment the service gave up on, are told as such; everything else speaks for itself. */
function asProblem(error: unknown, state: State): unknown {
  if (state.at === 'recording' && state.course.endpointMade && isNameTaken(error)) return nameTaken(error);
  const isEnd = error instanceof Problem && error.code === 'service' && error.reply?.status === undefined;
  if (state.at !== 'preparing' || !isEnd) return error;
  return new Problem({
    code: 'deployment',
    message: `Deployment '${state.course.deployment}' did not become healthy. ${error.reply?.message ?? error.message}`,
    ...(error.reply && { reply: error.reply }),
    next: "Read the container's log above; usually init() of the scoring script, a missing package or a probe is the cause.",
    cause: error,
  });
}

/** Endpoint names are unique in an Azure region; the service has no code of its own for that. */
function isNameTaken(error: unknown): error is Problem {
  return (
    error instanceof Problem &&
    /already an endpoint|already (exists|taken|in use)|not available/i.test(error.message)
  );
}

function nameTaken(error: Problem): Problem {
  return new Problem({
    code: 'conflict',
    message:
      `The endpoint's name is taken in the region of the workspace. ${error.reply?.message ?? ''}`.trim(),
    place: { input: 'endpointName' },
    ...(error.reply && { reply: error.reply }),
    next: 'Choose another name; endpoint names are unique in an Azure region.',
    cause: error,
  });
}

function isUndoing({ at }: State): boolean {
  return ['explaining', 'reverting', 'removing', 'clearing', 'unmaking', 'pruning'].includes(at);
}
