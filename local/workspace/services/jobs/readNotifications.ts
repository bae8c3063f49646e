import type { Webhook } from '../../engine/jobs/notifications/index.ts';
import { defined, isObject, type Json, Members } from '../../server/bodies.ts';
import { userError } from '../../server/failures.ts';

const EVENTS = ['JobCompleted', 'JobFailed', 'JobCancelled'] as const;
/** The one event the service documents; in messages without it, it is meant. */
const TERMINATED = ['RunTerminated'] as const;
const LONGEST_RECIPIENTS = 499;
const PLACE = 'properties.notificationSetting';

/** What a job shows of its notifications, and the callbacks with their secrets, which it never shows. */
export interface ReadNotifications {
  readonly shown: Json;
  readonly webhooks: readonly Omit<Webhook, 'job'>[];
  /** Names of webhooks that are taken back. */
  readonly removed: readonly string[];
}

/** Reads `notificationSetting`; mail addresses are kept and shown, but nothing is mailed. */
export function readNotifications(setting: Json | undefined): ReadNotifications | undefined {
  if (!setting) return undefined;
  const members = new Members(setting, PLACE);
  const given = Object.entries(members.object('webhooks') ?? {});
  const webhooks = given.filter(([, value]) => value !== null).map(([name, value]) => readOne(name, value));
  const shown = webhooks.map(({ name }) => [name, { webhookType: 'AzureDevOps', eventType: TERMINATED[0] }]);
  return {
    shown: defined({
      emailOn: readEvents(members),
      emails: readEmails(members),
      webhooks: members.object('webhooks') ? Object.fromEntries(shown) : undefined,
    }),
    // A webhook that is sent back as it was shown changes nothing: its secrets are known here only.
    webhooks: webhooks.flatMap(({ webhook }) => webhook ?? []),
    removed: given.filter(([, value]) => value === null).map(([name]) => name),
  };
}

/** What is shown after a change: webhooks are added and taken back one by one. */
export function mergedNotifications(known: unknown, { shown, removed }: ReadNotifications): Json {
  const before = isObject(known) ? known : {};
  const webhooks = { ...objectOf(before['webhooks']), ...objectOf(shown['webhooks']) };
  const left = Object.entries(webhooks).filter(([name]) => !removed.includes(name));
  return { ...before, ...shown, ...(left.length > 0 ? { webhooks: Object.fromEntries(left) } : {}) };
}

function readOne(name: string, value: unknown): { name: string; webhook?: Omit<Webhook, 'job'> } {
  const place = `${PLACE}.webhooks.${name}`;
  if (!isObject(value)) throw userError(`The member '${place}' must be an object.`);
  const members = new Members(lowerCased(value), place);
  members.needed('webhookType', members.word('webhooktype', ['AzureDevOps']));
  members.word('eventtype', TERMINATED);
  const isAsShown = Object.keys(value).every((key) => /^(?:webhookType|eventType)$/i.test(key));
  if (isAsShown) return { name };
  const text = (member: string): string =>
    members.needed(member, members.text(member.toLowerCase()) || undefined);
  const planUri = members.text('planuri') ?? members.text('planurl');
  return {
    name,
    webhook: {
      name,
      planUri: checkAddress(members.needed('planUri', planUri), place),
      projectId: segment(text('projectId')),
      hubName: segment(text('hubName')),
      planId: segment(text('planId')),
      jobId: text('jobId'),
      taskInstanceId: text('taskInstanceId'),
      authToken: text('authToken'),
    },
  };
}

/** Documented bodies write these members with and without a capital letter. */
function lowerCased(value: Json): Json {
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key.toLowerCase(), member]));
}

/** A token leaves this machine over TLS only. */
function checkAddress(address: string, place: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isHere = url !== undefined && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url?.protocol === 'https:' || (isHere && url.protocol === 'http:')) return address.replace(/\/+$/, '');
  throw userError(`The member '${place}.planUri' must be an https address, not '${address}'.`);
}

function segment(text: string): string {
  return encodeURIComponent(text);
}

function readEvents(members: Members): unknown {
  const events = members.list('emailOn');
  for (const event of events ?? []) {
    if (!EVENTS.some((known) => known === event))
      throw userError(`The member '${PLACE}.emailOn' must be a list of ${EVENTS.join(', ')}.`);
  }
  return events;
}

function readEmails(members: Members): unknown {
  const emails = members.list('emails');
  if (emails?.some((email) => typeof email !== 'string'))
    throw userError(`The member '${PLACE}.emails' must be a list of addresses.`);
  if ((emails?.join(',').length ?? 0) > LONGEST_RECIPIENTS)
    throw userError(
      `The addresses in '${PLACE}.emails' must not be longer than ${LONGEST_RECIPIENTS} characters together.`,
    );
  return emails;
}

function objectOf(value: unknown): Json {
  return isObject(value) ? value : {};
}
