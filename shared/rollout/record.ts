import { Problem } from '../problem/index.ts';
import type { Strategy } from './endpointState.ts';
import { STRATEGIES } from './endpointState.ts';
import { joinTag, splitTag } from './tagText.ts';
import { textOfTraffic, trafficOfText, type TrafficSplit } from './traffic.ts';

/** What a rollout does with the deployment of its name. */
export type DeploymentChange = 'create' | 'update' | 'recreate' | 'none';
/** How far an open rollout has come; `held` waits for a promote or a rollback. */
export type Phase = 'create' | 'shift' | 'held' | 'undo';

/** An open rollout, kept in the endpoint's own tags so that any later run can resume, promote or undo it. */
export interface RolloutRecord {
  /** Hash of what was asked for: the same request resumes, another one does not. */
  readonly id: string;
  readonly planHash: string;
  readonly phase: Phase;
  readonly deployment: string;
  readonly change: DeploymentChange;
  readonly strategy: Strategy;
  /** Index of the traffic step that was set last. */
  readonly step: number;
  /** When that step's traffic was asked for. */
  readonly since: Date;
  /** Until then another run leaves it alone, as its own run may still be at work. */
  readonly until: Date;
  /** The endpoint did not exist before, so undoing deletes it. */
  readonly endpointMade: boolean;
  readonly before: TrafficSplit;
  /** Hash of the saved deployment that an update replaced. */
  readonly saved?: string;
}

/** The last rollout that came to its end. */
export interface DeployedRecord {
  readonly id: string;
  readonly planHash: string;
  readonly deployment: string;
  readonly change: DeploymentChange;
  readonly at: Date;
  /** The traffic a rollback puts back; undefined where there was none, or it was rolled back already. */
  readonly previous?: TrafficSplit;
  /** Earlier deployments, newest first. */
  readonly history: readonly string[];
  readonly saved?: string;
  readonly rolledBack: boolean;
}

/** All tags this product writes to an endpoint start so; they are documented in docs/rollouts.md. */
const TAG_PREFIX = 'delivery.';
/** Says that the newest rollout was rolled back while it was open; the next finished rollout removes it. */
export const ABANDONED_TAG = `${TAG_PREFIX}abandoned`;
export type Tags = Readonly<Record<string, string>>;
const [OPEN, DEPLOYED, PREVIOUS, HISTORY] = ['rollout', 'deployed', 'previous', 'history'].map(
  (n) => TAG_PREFIX + n,
) as [string, string, string, string];

export function tagsOfRecord(record: RolloutRecord): Tags {
  const words = {
    phase: record.phase,
    deployment: record.deployment,
    change: record.change,
    strategy: record.strategy,
    step: String(record.step),
    since: record.since.toISOString(),
    until: record.until.toISOString(),
    endpoint: record.endpointMade ? 'made' : 'found',
  };
  return {
    [OPEN]: textOfWords(words),
    [`${OPEN}.id`]: record.id,
    [`${OPEN}.plan`]: record.planHash,
    ...splitTag(`${OPEN}.traffic`, textOfTraffic(record.before.live)),
    ...splitTag(`${OPEN}.mirror`, textOfTraffic(record.before.mirror)),
    ...(record.saved && { [`${OPEN}.saved`]: record.saved }),
  };
}

/** The open rollout of an endpoint, or undefined. */
export function recordOfTags(tags: Tags): RolloutRecord | undefined {
  const text = tags[OPEN];
  if (text === undefined) return undefined;
  const words = wordsOfText(text, OPEN);
  const saved = tags[`${OPEN}.saved`];
  return {
    id: tags[`${OPEN}.id`] ?? '',
    planHash: tags[`${OPEN}.plan`] ?? '',
    phase: oneOf(words['phase'], ['create', 'shift', 'held', 'undo'], OPEN),
    deployment: words['deployment'] ?? unreadable(OPEN),
    change: oneOf(words['change'], CHANGES, OPEN),
    strategy: oneOf(words['strategy'], STRATEGIES, OPEN),
    step: Number(words['step'] ?? -1),
    since: dateOf(words['since'], OPEN),
    until: dateOf(words['until'], OPEN),
    endpointMade: words['endpoint'] === 'made',
    before: splitOf(tags, `${OPEN}.traffic`, `${OPEN}.mirror`),
    ...(saved && { saved }),
  };
}

export function tagsOfDeployed(record: DeployedRecord): Tags {
  const words = {
    deployment: record.deployment,
    change: record.change,
    at: record.at.toISOString(),
    state: record.rolledBack ? 'rolled-back' : 'live',
  };
  return {
    [DEPLOYED]: textOfWords(words),
    [`${DEPLOYED}.id`]: record.id,
    [`${DEPLOYED}.plan`]: record.planHash,
    ...(record.saved && { [`${DEPLOYED}.saved`]: record.saved }),
    ...splitTag(HISTORY, record.history.join(' ')),
    ...(record.previous && {
      ...splitTag(PREVIOUS, textOfTraffic(record.previous.live)),
      ...splitTag(`${PREVIOUS}.mirror`, textOfTraffic(record.previous.mirror)),
    }),
  };
}

export function deployedOfTags(tags: Tags): DeployedRecord | undefined {
  const text = tags[DEPLOYED];
  if (text === undefined) return undefined;
  const words = wordsOfText(text, DEPLOYED);
  const previous = splitOf(tags, PREVIOUS, `${PREVIOUS}.mirror`);
  const saved = tags[`${DEPLOYED}.saved`];
  return {
    id: tags[`${DEPLOYED}.id`] ?? '',
    planHash: tags[`${DEPLOYED}.plan`] ?? '',
    deployment: words['deployment'] ?? unreadable(DEPLOYED),
    change: oneOf(words['change'], CHANGES, DEPLOYED),
    at: dateOf(words['at'], DEPLOYED),
    history: joinTag(tags, HISTORY).split(' ').filter(Boolean),
    rolledBack: words['state'] === 'rolled-back',
    ...(Object.keys(previous.live).length > 0 && { previous }),
    ...(saved && { saved }),
  };
}

/** The tags of finished rollouts as they stand: an open rollout carries them along untouched. */
export function standingTags(tags: Tags): Tags {
  return Object.fromEntries(
    Object.entries(tags).filter(([name]) => isOurs(name) && name !== OPEN && !name.startsWith(`${OPEN}.`)),
  );
}

/** True when the endpoint with these tags is in the hands of this rollout, open or just finished. */
export function isMadeBy(tags: Tags, id: string): boolean {
  return tags[`${OPEN}.id`] === id || tags[`${DEPLOYED}.id`] === id;
}

/** True for a tag this product writes. */
export function isOurs(tagName: string): boolean {
  return tagName.startsWith(TAG_PREFIX);
}

const CHANGES: readonly DeploymentChange[] = ['create', 'update', 'recreate', 'none'];

function splitOf(tags: Tags, live: string, mirror: string): TrafficSplit {
  return { live: trafficOfText(joinTag(tags, live)), mirror: trafficOfText(joinTag(tags, mirror)) };
}

function textOfWords(words: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(words).map(([name, value]) => `${name}=${value}`);
  return ['v1', ...pairs].join(' ');
}

function wordsOfText(text: string, tag: string): Readonly<Record<string, string>> {
  const [version, ...pairs] = text.split(' ');
  if (version !== 'v1') return unreadable(tag);
  return Object.fromEntries(
    pairs.map((pair) => [pair.split('=')[0] ?? '', pair.slice(pair.indexOf('=') + 1)]),
  );
}

function oneOf<T extends string>(value: string | undefined, words: readonly T[], tag: string): T {
  return words.find((word) => word === value) ?? unreadable(tag);
}

function dateOf(value: string | undefined, tag: string): Date {
  const date = new Date(value ?? '');
  return Number.isNaN(date.getTime()) ? unreadable(tag) : date;
}

function unreadable(tag: string): never {
  throw new Problem({
    code: 'conflict',
    message: `The tag '${tag}' of the endpoint cannot be read, so the state of its last rollout is unknown.`,
    next: `Check the endpoint's traffic, remove the tags that start with '${tag}', and run the task again.`,
  });
}
