import { published, type ApiVersion } from '../azuremlTypes.ts';
import type { Client, Reply } from '../kill/client.ts';
import { actsOf, type Act } from './acts.ts';
import { roundsOf, sampleBody, type Json } from './bodies.ts';
import { fullNameOf, type Generated } from './generated.ts';
import { generated } from './resources.ts';
import { requestSchemas } from './schema.ts';
import { tryToAct, tryToDelete, tryToGet, tryToList, tryToMake, type Subject } from './trial.ts';
import type { Ground } from './workspace.ts';

/** What the workspace makes of an operation of the published API. */
export interface Operation {
  readonly resource: string;
  readonly name: string;
  /** `implemented`: it was carried out, had its effect and answered as published. `only answered`: there is no trial of it. */
  readonly state: 'implemented' | 'disagrees' | 'only answered' | 'refused on purpose' | 'missing';
  /** In the workspace's own words, of what is refused; what is wrong with what disagrees. */
  readonly reason?: string;
}

/** What is refused on purpose names who refuses it. */
const OWN_WORDS = /embedded workspace/i;
/** Numbers of items that bodies sent elsewhere do not use. */
const FIRST_NUMBER = 900_000;

interface Asked {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** How it is tried out; absent where no item of the resource can be made. */
  readonly attempt?: (subject: Subject) => Promise<readonly string[]>;
}

/** Carries out every operation of every published resource and tells what came of it. */
export async function operations(ground: Ground, version: ApiVersion): Promise<readonly Operation[]> {
  const found: Operation[] = [];
  for (const [index, { resource, functions }] of published(version).entries()) {
    const subject = subjectFor(ground, resource, { version, number: FIRST_NUMBER + index });
    for (const asked of operationsOf(ground.client, resource, functions))
      found.push({ resource, name: asked.name, ...(await stateOf(ground.client, asked, subject, version)) });
  }
  return found;
}

async function stateOf(
  client: Client,
  { method, path, attempt }: Asked,
  subject: Subject | undefined,
  version: ApiVersion,
): Promise<Pick<Operation, 'state' | 'reason'>> {
  const body = method === 'GET' || method === 'DELETE' ? undefined : {};
  const absence = absenceIn(await client.send(method, `${path}?api-version=${version}`, body));
  if (absence) return absence;
  if (!subject || !attempt) return { state: 'only answered' };
  const findings = [...new Set(await attempt(subject))];
  const refusal = findings.find((finding) => OWN_WORDS.test(finding));
  if (refusal) return { state: 'refused on purpose', reason: refusal.replace(/^it is answered \d+ /, '') };
  return findings.length === 0
    ? { state: 'implemented' }
    : { state: 'disagrees', reason: findings.join('; ') };
}

/** In the order of an item's life: it is there for everything between making and deleting. */
function operationsOf(client: Client, resource: string, functions: readonly string[]): readonly Asked[] {
  const list = pathOf(client, resource);
  const [known, absent] = [`${list}/${nameOf(client, resource)}`, `${list}/absent`];
  const act = (one: Act): Asked => ({
    name: one.name,
    method: one.method,
    path: `${known}${one.rest}`,
    attempt: (subject) => tryToAct(subject, one),
  });
  return [
    { name: 'create or replace', method: 'PUT', path: known, attempt: tryToMake },
    { name: 'get', method: 'GET', path: known, attempt: tryToGet },
    { name: 'list', method: 'GET', path: list, attempt: tryToList },
    ...actsOf(resource, functions).map(act),
    { name: 'delete', method: 'DELETE', path: absent, attempt: tryToDelete },
  ];
}

interface Numbered {
  readonly version: ApiVersion;
  readonly number: number;
}

/** The item that operations of a resource are tried on: a workspace beside the first, or one that is generated. */
function subjectFor(ground: Ground, resource: string, { version, number }: Numbered): Subject | undefined {
  const { client } = ground;
  if (resource === 'workspaces') {
    const list = pathOf(client, resource);
    return {
      client,
      resource,
      version,
      at: `${list}/trial`,
      list,
      body: { location: 'local', properties: {} },
    };
  }
  const target = generated.find((one) => fullNameOf(one) === resource);
  if (!target) return undefined;
  const at = target.path(number);
  const body = bodyOf(ground, target, version);
  return { client, resource, version, at, list: at.slice(0, at.lastIndexOf('/')), body };
}

/** The first body of the kind that operations are tried with. */
function bodyOf(ground: Ground, target: Generated, version: ApiVersion): Json {
  const members = requestSchemas(version)(fullNameOf(target).replaceAll('/', '_'));
  const [hint = () => undefined] = target.hints(ground);
  const needs = (path: string): boolean => target.needs?.some((pattern) => pattern.test(path)) ?? false;
  for (let round = 0; round < roundsOf(members); round += 1) {
    const body = sampleBody(members, { hint, round, has: needs });
    const words = Object.values((body['properties'] ?? {}) as Json);
    if (target.tried === undefined || words.includes(target.tried)) return body;
  }
  throw new Error(`No body of ${target.resource} is of the kind ${target.tried}.`);
}

/** The path of the resource's list, below items that exist where the workspace has such. */
function pathOf({ address }: Client, resource: string): string {
  const group = `/subscriptions/${address.subscriptionId}/resourceGroups/${address.resourceGroup}`;
  const [top = '', ...rest] = resource.split('/');
  const root = `${group}/providers/Microsoft.MachineLearningServices/${top}`;
  if (rest.length === 0) return root;
  const above = top === 'workspaces' ? address.workspaceName : 'known';
  return `${root}/${above}/${rest.join('/known/')}`;
}

function nameOf({ address }: Client, resource: string): string {
  if (resource === 'workspaces') return address.workspaceName;
  return resource.endsWith('/versions') ? '1' : 'known';
}

function absenceIn({ status, json }: Reply): Pick<Operation, 'state' | 'reason'> | undefined {
  const message = String(json?.error?.message ?? '');
  if (status === 404 && message.includes('has no operation')) return { state: 'missing' };
  if (status >= 400 && OWN_WORDS.test(message)) return { state: 'refused on purpose', reason: message };
  return undefined;
}
