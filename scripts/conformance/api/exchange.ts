import fc from 'fast-check';
import { checkAnswer, unfilled, type ApiVersion } from '../azuremlTypes.ts';
import { roundsOf, sampleBody, type Hint, type Json } from './bodies.ts';
import { finished, isRefusal, shown } from './ending.ts';
import { mutationsOf, type Mutation } from './mutations.ts';
import type { Generated } from './generated.ts';
import type { Members } from './schema.ts';
import type { Ground } from './workspace.ts';

const SUBSETS = 3;
const AT_ONCE = 4;
const SHOWN = 400;

/** Where workspace and published API disagree. */
export interface Finding {
  readonly resource: string;
  readonly what: string;
}

/** What one resource came to. */
export interface Outcome {
  readonly resource: string;
  readonly accepted: number;
  readonly refused: number;
  readonly answers: number;
  /** `400 UserError` and the like, of refused bodies. */
  readonly codes: readonly string[];
  readonly findings: readonly Finding[];
}

interface Counting {
  accepted: number;
  refused: number;
  answers: number;
  number: number;
  readonly codes: Set<string>;
  readonly findings: Finding[];
}

interface Sending {
  readonly ground: Ground;
  readonly target: Generated;
  readonly members: Members;
  readonly version: ApiVersion;
  readonly counting: Counting;
}

/** Sends generated bodies of one resource, good and bad, and checks every answer. */
export async function exchange(
  ground: Ground,
  target: Generated,
  members: Members,
  { version, seed }: { readonly version: ApiVersion; readonly seed: number },
): Promise<Outcome> {
  const counting: Counting = {
    accepted: 0,
    refused: 0,
    answers: 0,
    number: 0,
    codes: new Set(),
    findings: [],
  };
  const sending = { ground, target, members, version, counting };
  const seen = new Set<string>();
  for (const hint of target.hints(ground)) {
    for (let round = 0; round < roundsOf(members); round += 1) {
      const whole = sampleBody(members, { hint, round, has: () => true });
      const needs = (path: string) => target.needs?.some((pattern) => pattern.test(path)) ?? false;
      const parts = partsOf(members, { hint, round, seed, needs });
      for (const body of [whole, ...parts]) await sendGood(sending, body);
      if (target.refused?.[kindOf(whole)] !== undefined) continue;
      const mutations = mutationsOf(members, whole).filter(({ why }) => isNew(seen, whole, why));
      await sendBad(sending, mutations);
    }
  }
  const { number: _number, codes, ...counted } = counting;
  return { resource: target.resource, ...counted, codes: [...codes].sort() };
}

interface Parts {
  readonly hint: Hint;
  readonly round: number;
  readonly seed: number;
  readonly needs: (path: string) => boolean;
}

/** The body with nothing optional, and some with a part of it. */
function partsOf(members: Members, { hint, round, seed, needs }: Parts): readonly Json[] {
  const bare = sampleBody(members, { hint, round, has: needs });
  const coins = fc.sample(fc.infiniteStream(fc.boolean()), { numRuns: SUBSETS, seed: seed + round });
  const some = coins.map((stream) => {
    const has = (path: string) => Boolean(stream.next().value) || needs(path);
    return sampleBody(members, { hint, round, has });
  });
  return [bare, ...some];
}

/** The same member of the same kind is made wrong once. */
function isNew(seen: Set<string>, body: Json, why: string): boolean {
  const key = `${kindOf(body)} ${why}`;
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}

async function sendGood(sending: Sending, body: Json): Promise<void> {
  const { ground, target, version, counting } = sending;
  const at = pathOf(sending);
  const reply = await ground.client.send('PUT', at, body);
  const reason = target.refused?.[kindOf(body)];
  if (reason !== undefined)
    return void (isRefusal(reply) || note(sending, `${kindOf(body)} is taken: ${reason}`));
  if (reply.status > 201)
    return note(sending, `a good body is answered ${shown(reply)}: ${JSON.stringify(body).slice(0, SHOWN)}`);
  counting.accepted += 1;
  const got = await ground.client.send('GET', at);
  for (const answer of [reply, got]) {
    counting.answers += 1;
    for (const finding of [
      ...checkAnswer(target.resource, answer.json, version),
      ...unfilled(target.resource, answer.json, version),
    ])
      note(sending, finding);
  }
  await finished(ground.client, reply);
  if (/ndpoints|^workspaces$/.test(target.resource))
    await finished(ground.client, await ground.client.send('DELETE', at));
}

async function sendBad(sending: Sending, mutations: readonly Mutation[]): Promise<void> {
  const rest = mutations.values();
  const worker = async (): Promise<void> => {
    for (const { why, body } of rest) {
      const reply = await sending.ground.client.send('PUT', pathOf(sending), body);
      if (isRefusal(reply)) {
        sending.counting.refused += 1;
        sending.counting.codes.add(`${reply.status} ${String(reply.json.error.code)}`);
      } else note(sending, `a bad ${kindOf(body)} body is answered ${shown(reply)}: ${why}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

function pathOf({ target, counting }: Sending): string {
  counting.number += 1;
  return target.path(counting.number);
}

function note({ target, counting }: Sending, what: string): void {
  counting.findings.push({ resource: target.resource, what });
}

/** The word that tells kinds of bodies apart. */
function kindOf({ properties }: Json): string {
  const own = (properties ?? {}) as Record<string, unknown>;
  const word = [
    'jobType',
    'computeType',
    'datastoreType',
    'dataType',
    'endpointComputeType',
    'authType',
  ].find((name) => name in own);
  return word === undefined ? '' : String(own[word]);
}
