import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { DevOpsContext, DevOpsEnv } from '../context.ts';
import type { NewRelease, ReleaseSource } from '../releases.ts';
import { checkRight, membersOf, objectIn, releaseOf } from './access.ts';
import { releaseJson } from './json.ts';
import { linksFor } from './links.ts';
import { readVariables } from './variables.ts';

/** Their numbers on the wire are 0, 1, 2, 3, 4. */
const REASONS = ['none', 'manual', 'continuousIntegration', 'schedule', 'pullRequest'] as const;

/** Makes a release of a definition: what a function or a script does that an event has called. */
export function creationRoutes(context: DevOpsContext, source: ReleaseSource): Hono<DevOpsEnv> {
  const routes = new Hono<DevOpsEnv>();
  routes.post('/releases', async ({ req, json }) => {
    if (!source.create)
      throw new HTTPException(400, { message: 'A job cannot make releases here: use azureml-local serve.' });
    checkRight(source);
    const wanted = readNewRelease(await objectIn(req));
    if (!source.definitions().some((one) => one['id'] === wanted.definitionId))
      throw new HTTPException(404, { message: `There is no release definition ${wanted.definitionId}.` });
    const id = await source.create(wanted);
    return json(releaseJson(releaseOf(source, id), linksFor(req.url, context), context.project));
  });
  return routes;
}

function readNewRelease(body: ReadonlyMap<string, unknown>): NewRelease {
  const [reason, description, manual] = [
    body.get('reason'),
    body.get('description'),
    body.get('manualEnvironments'),
  ];
  const artifacts = listOf(body.get('artifacts')).map((one) => {
    const instance = membersOf(one.get('instanceReference'));
    return [String(one.get('alias') ?? ''), String(instance.get('id') ?? '')] as const;
  });
  const wrong = artifacts.find(([alias, id]) => alias === '' || id === '');
  if (wrong)
    throw new HTTPException(400, { message: `The artifact '${wrong[0]}' needs an instanceReference.id.` });
  return {
    definitionId: Number(body.get('definitionId')),
    artifacts: Object.fromEntries(artifacts),
    variables: readVariables(body.get('variables'), {}),
    stageVariables: new Map(
      listOf(body.get('environmentsMetadata')).map((one) => [
        Number(one.get('definitionEnvironmentId')),
        readVariables(one.get('variables'), {}),
      ]),
    ),
    reason: typeof reason === 'number' ? REASONS[reason] : REASONS.find((word) => word === reason),
    description: typeof description === 'string' ? description : '',
    manualStages: Array.isArray(manual) ? manual.map(String) : [],
    isDraft: body.get('isDraft') === true,
  };
}

function listOf(value: unknown): Map<string, unknown>[] {
  return Array.isArray(value) ? value.map(membersOf) : [];
}
