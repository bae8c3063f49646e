import { setTimeout as delay } from 'node:timers/promises';
import { checkAnswer, checkFunctionAnswer, publishedFunctions, type ApiVersion } from '../azuremlTypes.ts';
import type { Client, Reply } from '../kill/client.ts';
import type { Act } from './acts.ts';
import type { Json } from './bodies.ts';
import { finished, isRefusal, shown } from './ending.ts';

/** An item that is made, looked at, changed and deleted, to see whether each of that does what it is for. */
export interface Subject {
  readonly client: Client;
  /** As published, such as `workspaces/models`. */
  readonly resource: string;
  readonly version: ApiVersion;
  readonly at: string;
  /** Where its like are listed. */
  readonly list: string;
  readonly body: Json;
}

/** What is wrong with an operation; nothing when it does what it is for and answers as published. */
type Findings = readonly string[];

const MOST_PAGES = 50;
const LONGEST_WAIT_IN_MS = 10_000;
const PAUSE_IN_MS = 20;

export async function tryToMake({ client, resource, version, at, body }: Subject): Promise<Findings> {
  const reply = await client.send('PUT', at, body);
  if (![200, 201, 202].includes(reply.status)) return [`PUT is answered ${shown(reply)}`];
  await finished(client, reply);
  return reply.status === 202 ? [] : checkAnswer(resource, reply.json, version);
}

export async function tryToGet({ client, resource, version, at }: Subject): Promise<Findings> {
  const got = await client.send('GET', at);
  if (got.status !== 200) return [`GET is answered ${shown(got)}`];
  const absent = await client.send('GET', `${at.slice(0, at.lastIndexOf('/'))}/not-there`);
  const isTold = absent.status === 404 && isRefusal(absent);
  return [
    ...checkAnswer(resource, got.json, version),
    ...(isTold ? [] : [`GET of what is not there is answered ${shown(absent)}`]),
  ];
}

/** Every page of the list; the item must be on one of them. */
export async function tryToList(subject: Subject): Promise<Findings> {
  const { client, resource, version, at, list } = subject;
  const name = at.slice(at.lastIndexOf('/') + 1);
  const findings: string[] = [];
  let isThere = false;
  let reply = await client.send('GET', list);
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    if (reply.status !== 200 || !Array.isArray(reply.json.value))
      return [`the list is answered ${shown(reply)}`];
    const others = Object.keys(reply.json).filter((key) => key !== 'value' && key !== 'nextLink');
    findings.push(...others.map((key) => `the list has the unknown member ${key}`));
    for (const item of reply.json.value as Json[]) {
      findings.push(...checkAnswer(resource, item, version));
      isThere ||= item['name'] === name;
    }
    if (!reply.json.nextLink) break;
    reply = await client.follow(reply.json.nextLink);
  }
  return isThere ? findings : [...findings, `'${name}' is not in the list`];
}

export async function tryToAct(subject: Subject, act: Act): Promise<Findings> {
  const { client, resource, version } = subject;
  if (act.on) await make(client, act.on);
  const at = act.on?.at ?? subject.at;
  const reply = await client.send(
    act.method,
    `${at}${act.rest}`,
    act.method === 'GET' ? undefined : act.body,
  );
  if (![200, 202, 204].includes(reply.status)) return [`it is answered ${shown(reply)}`];
  const end = await finished(client, reply);
  const isPublished = publishedFunctions(resource, version).includes(act.name);
  return [
    ...(end === undefined || end === 'Succeeded' ? [] : [`its operation ends ${end}`]),
    ...(isPublished && reply.status === 200
      ? checkFunctionAnswer(resource, act.name, reply.json, version)
      : []),
    ...(await effectOf(client, at, act)),
  ];
}

/** Made once: what is there already is left as it is. */
async function make(client: Client, { at, body }: NonNullable<Act['on']>): Promise<void> {
  if ((await client.send('GET', at)).status === 200) return;
  const reply = await client.send('PUT', at, body);
  const end = await finished(client, reply);
  if (reply.status > 201 || (end !== undefined && end !== 'Succeeded'))
    throw new Error(`${at} could not be made: ${shown(reply)}, ${end}`);
}

/** Some effects show a moment after their operation has ended, as a job's end does. */
async function effectOf(client: Client, at: string, { shows }: Act): Promise<Findings> {
  if (!shows) return [];
  const until = Date.now() + LONGEST_WAIT_IN_MS;
  for (;;) {
    const item: Reply = await client.send('GET', at);
    if (item.status === 200 && shows(item.json)) return [];
    if (Date.now() > until) return [`the item does not show it: ${shown(item)}`];
    await delay(PAUSE_IN_MS);
  }
}

export async function tryToDelete({ client, resource, at, body }: Subject): Promise<Findings> {
  // The service deletes no schedule that is enabled.
  if (resource.endsWith('/schedules'))
    await finished(client, await client.send('PUT', at, merged(body, { isEnabled: false })));
  const path = resource.endsWith('/computes') ? `${at}?underlyingResourceAction=Delete` : at;
  const reply = await client.send('DELETE', path);
  if (![200, 202, 204].includes(reply.status)) return [`DELETE is answered ${shown(reply)}`];
  await finished(client, reply);
  const gone = await client.send('GET', at);
  const again = await client.send('DELETE', path);
  return [
    ...(gone.status === 404 ? [] : [`after DELETE, GET is answered ${shown(gone)}`]),
    ...(again.status === 204 ? [] : [`a second DELETE is answered ${shown(again)}`]),
  ];
}

function merged(body: Json, properties: Json): Json {
  return { ...body, properties: { ...(body['properties'] as Json), ...properties } };
}
