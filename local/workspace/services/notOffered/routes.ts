import { Hono } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { failure } from '../../server/failures.ts';
import { dataPlanePath, workspacePath } from '../../server/paths.ts';

/** Kinds of resources that are known and left out, each with the reason. */
const REASONS: Readonly<Record<string, string>> = {
  capabilityHosts: 'agents run in services of Azure that are not on this machine',
  featuresets: 'a feature store needs Spark and a materialization store',
  featurestoreEntities: 'a feature store needs Spark and a materialization store',
  marketplaceSubscriptions: 'nothing is bought here',
  outboundRules: 'it has no managed network',
  privateEndpointConnections: 'it listens on the loopback interface only and has no private endpoints',
  privateLinkResources: 'it listens on the loopback interface only and has no private endpoints',
  provisionManagedNetwork: 'it has no managed network',
  serverlessEndpoints: 'models of the catalog are hosted by Azure alone',
};

/** Answers what is left out on purpose with the reason, so that nobody takes it for forgotten. */
export function notOfferedRoutes(_context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  for (const [word, reason] of Object.entries(REASONS)) {
    for (const path of [`${workspacePath}/${word}`, `${workspacePath}/${word}/*`] as const) {
      app.all(path, () => {
        throw failure(
          501,
          'NotSupported',
          `The embedded workspace has no ${word}: ${reason}.`,
          'unsupported',
        );
      });
    }
  }
  app.all(`${dataPlanePath('/genericasset')}/*`, () => {
    throw failure(
      501,
      'NotSupported',
      'The embedded workspace has no indexes: they are made and searched by services of Azure that are not on this machine.',
      'unsupported',
    );
  });
  app.post(`${workspacePath}/models/:name/versions/:version/package`, () => {
    throw failure(
      501,
      'NotSupported',
      'The embedded workspace packages no models: a package is an image, and images are not built on this machine.',
      'unsupported',
    );
  });
  return app;
}
