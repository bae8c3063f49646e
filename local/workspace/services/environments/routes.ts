import type { Hono } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { environmentsBody, environmentsVersionsBody } from '../../rules/assets.ts';
import { defined, Members } from '../../server/bodies.ts';
import { userError } from '../../server/failures.ts';
import type { AssetKind } from '../assets/assetKind.ts';
import { assetRoutes } from '../assets/routes.ts';

const RESERVED = /^(azureml|microsoft)/i;

/** What jobs and deployments run in. */
export const environment: AssetKind = {
  type: 'environments',
  rules: { container: environmentsBody, version: environmentsVersionsBody },
  noun: 'environment',
  fixed: ['image', 'build', 'condaFile', 'osType'],
  provisioned: true,
  read: (members, name) => {
    if (RESERVED.test(name))
      throw userError(
        `The environment name '${name}' is reserved; names may not start with AzureML or Microsoft.`,
      );
    const [image, build] = [members.text('image'), readBuild(members)];
    if (image !== undefined && build !== undefined) {
      throw userError('An environment has either an image or a build context, not both.');
    }
    if (image === undefined && build === undefined) {
      throw userError('An environment needs an image or a build context.');
    }
    return defined({
      image,
      build,
      condaFile: members.text('condaFile'),
      osType: members.word('osType', ['Linux', 'Windows']) ?? 'Linux',
      inferenceConfig: readInferenceConfig(members),
      autoRebuild: members.word('autoRebuild', ['Disabled', 'OnBaseImageUpdate']),
      stage: members.text('stage'),
    });
  },
  show: () => ({ environmentType: 'UserCreated' }),
};

/** Environments: what a job or a deployment runs in. */
export function environmentsRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  return assetRoutes(context, environment);
}

function readBuild(members: Members): object | undefined {
  const build = members.object('build');
  if (build === undefined) return undefined;
  const inner = new Members(build, 'properties.build');
  return {
    contextUri: inner.needed('contextUri', inner.text('contextUri')),
    dockerfilePath: inner.text('dockerfilePath') ?? 'Dockerfile',
  };
}

function readInferenceConfig(members: Members): object | undefined {
  const config = members.object('inferenceConfig');
  if (config === undefined) return undefined;
  const inner = new Members(config, 'properties.inferenceConfig');
  return defined({
    livenessRoute: readRoute(inner, 'livenessRoute'),
    readinessRoute: readRoute(inner, 'readinessRoute'),
    scoringRoute: readRoute(inner, 'scoringRoute'),
  });
}

function readRoute(config: Members, name: string): object | undefined {
  const route = config.object(name);
  if (route === undefined) return undefined;
  const place = `properties.inferenceConfig.${name}`;
  const inner = new Members(route, place);
  if (!Number.isInteger(route.port)) throw userError(`The member '${place}.port' must be a whole number.`);
  return { path: inner.needed('path', inner.text('path')), port: route.port };
}
