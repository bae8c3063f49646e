import { Hono } from 'hono';
import { listOf, type DevOpsContext, type DevOpsEnv } from '../context.ts';
import type { ReleaseChange, ReleaseSource, ReleaseView } from '../releases.ts';
import { checkRight, membersOf, objectIn, releaseOf, wordIn } from './access.ts';
import { releaseJson, releaseReference } from './json.ts';
import { linksFor } from './links.ts';
import { readVariables } from './variables.ts';

/** Classic releases: read as a whole, changed as a whole. */
export function releaseRoutes(context: DevOpsContext, source: ReleaseSource): Hono<DevOpsEnv> {
  const routes = new Hono<DevOpsEnv>();
  const show = (id: number, url: string): object =>
    releaseJson(releaseOf(source, id), linksFor(url, context), context.project);

  routes.get('/releases', ({ req, json }) => {
    const definition = req.query('definitionId');
    const found = source
      .releases()
      .filter((one) => definition === undefined || one.definition.id === Number(definition));
    return json(listOf(found.map((one) => releaseReference(one, linksFor(req.url, context)))));
  });
  routes.get('/releases/:id', ({ req, json }) => json(show(Number(req.param('id')), req.url)));
  routes.put('/releases/:id', async ({ req, json }) => {
    const release = releaseOf(source, Number(req.param('id')));
    checkRight(source);
    source.update(release.id, wholeChange(await objectIn(req), release));
    return json(show(release.id, req.url));
  });
  routes.patch('/releases/:id', async ({ req, json }) => {
    const release = releaseOf(source, Number(req.param('id')));
    checkRight(source);
    source.update(release.id, ownChange(await objectIn(req)));
    return json(show(release.id, req.url));
  });
  return routes;
}

/** A release that is put back replaces what it names: the one that comes last wins, without a word. */
function wholeChange(body: ReadonlyMap<string, unknown>, release: ReleaseView): ReleaseChange {
  const sent = body.get('environments');
  const environments = (Array.isArray(sent) ? sent : []).flatMap((one: unknown) => {
    const given = membersOf(one);
    const known = release.environments.find(({ id }) => id === given.get('id'));
    return known && given.has('variables')
      ? [[known.id, readVariables(given.get('variables'), known.variables)] as const]
      : [];
  });
  return {
    ...ownChange(body),
    ...(body.has('variables') && { variables: readVariables(body.get('variables'), release.variables) }),
    environmentVariables: new Map(environments),
  };
}

const STATUSES = ['draft', 'active', 'abandoned'] as const;

function ownChange(body: ReadonlyMap<string, unknown>): ReleaseChange {
  const [name, description, keepForever] = ['name', 'description', 'keepForever'].map((key) => body.get(key));
  const status = body.get('status');
  const wanted = wordIn(status, STATUSES);
  return {
    ...(typeof name === 'string' && { name }),
    ...(typeof description === 'string' && { description }),
    ...(typeof keepForever === 'boolean' && { keepForever }),
    ...(wanted && { status: wanted }),
  };
}
