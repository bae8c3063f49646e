import { Hono } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { readBody } from '../../server/bodies.ts';
import { BodyReader } from './bodyReader.ts';
import { optional } from './parseEndpoint.ts';
import { keepOnlineSettings, onlineSettings, type OnlineSettings } from './settings.ts';

const PATH = '/admin/onlineEndpoints/settings';

/** What decides on Azure who got a name first and how many cores there are; not part of Azure's API. */
export function settingsRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  app.get(PATH, (request) => request.json(onlineSettings(context.store)));
  app.put(PATH, async (request) => {
    await keepOnlineSettings(context.store, parseSettings(new BodyReader(await readBody(request))));
    return request.json(onlineSettings(context.store));
  });
  return app;
}

function parseSettings(reader: BodyReader): Partial<OnlineSettings> {
  const settings = {
    ...optional('takenNames', reader.textList('takenNames')),
    ...optional('coreLimit', reader.integer('coreLimit', 0, 1_000_000)),
    ...optional('processesPerDeployment', reader.integer('processesPerDeployment', 1, 50)),
    ...optional('crashLimit', reader.integer('crashLimit', 1, 100)),
    ...optional('restartBackoffInMs', reader.integer('restartBackoffInMs', 0, 600_000)),
  };
  reader.throwFaults();
  return settings;
}
