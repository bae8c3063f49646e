import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { listOf, type DevOpsContext, type DevOpsEnv } from '../context.ts';
import type { JsonObject, ReleaseSource } from '../releases.ts';
import { linksFor } from './links.ts';

/** Release definitions as they were exported; lists leave the stages out, as the service's do. */
export function definitionRoutes(context: DevOpsContext, source: ReleaseSource): Hono<DevOpsEnv> {
  const routes = new Hono<DevOpsEnv>();
  const linked = (definition: JsonObject, url: string): JsonObject => {
    const self = linksFor(url, context).to('definitions', Number(definition['id']));
    return { ...definition, url: self, _links: { self: { href: self } } };
  };
  routes.get('/definitions', ({ req, json }) => {
    const [text, isExact] = [req.query('searchText')?.toLowerCase(), req.query('isExactNameMatch')];
    const fits = (name: string): boolean =>
      text === undefined || (isExact === 'true' ? name === text : name.includes(text));
    const expand = req.query('$expand')?.toLowerCase() ?? '';
    const wanted = source.definitions().filter((one) => fits(String(one['name']).toLowerCase()));
    return json(
      listOf(
        wanted.map((one) => {
          const { environments, artifacts, ...rest } = linked(one, req.url);
          return {
            ...rest,
            ...((expand.includes('environments') || expand === '2') && { environments }),
            artifacts: expand.includes('artifacts') || expand === '4' ? artifacts : [],
          };
        }),
      ),
    );
  });
  routes.get('/definitions/:id', ({ req, json }) => {
    const id = Number(req.param('id'));
    const found = source.definitions().find((one) => one['id'] === id);
    if (found) return json(linked(found, req.url));
    throw new HTTPException(404, { message: `There is no release definition ${id}.` });
  });
  return routes;
}
