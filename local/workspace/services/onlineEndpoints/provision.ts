import { readdir, rm } from 'node:fs/promises';
import { messageOf, Problem } from '../../../../shared/problem/index.ts';
import type { WorkspaceEvent } from '../../engine/events/event.ts';
import { modelDeployed } from '../../engine/events/happenings.ts';
import { outboxOf } from '../../engine/events/outbox.ts';
import { parseReference } from '../../engine/jobs/references/index.ts';
import { revisionFolders, startRevision } from '../../engine/scoring/index.ts';
import { failure } from '../../server/failures.ts';
import {
  deploymentKey,
  type DeploymentState,
  type StoredDeployment,
  type StoredRevision,
} from './documents.ts';
import type { Online } from './online.ts';
import type { DeploymentProperties } from './parseDeployment.ts';
import { resolvePlan } from './resolve.ts';

/**
 * Brings a deployment to what is wanted of it: a new revision beside the one that serves, which takes over once every
 * instance is ready. When that fails the old one goes on serving, and the error is thrown with Azure's code.
 */
export async function provision(online: Online, stored: StoredDeployment): Promise<void> {
  const { endpoint, name, wanted } = stored;
  try {
    await serve(online, stored, wanted);
  } catch (error) {
    await finish(online, stored, 'Failed');
    throw asOperationError(error);
  }
  await finish(online, stored, 'Succeeded', wanted);
  if (!online.isStopping()) await removeOtherRevisions(online, endpoint, name, wanted.id);
}

/** Starts a stored revision again, after a restart of the workspace. */
export async function serve(
  online: Online,
  stored: Pick<StoredDeployment, 'endpoint' | 'name'>,
  revision: StoredRevision,
): Promise<void> {
  const plan = resolvePlan(stored, revision, online.places, online.settings().processesPerDeployment);
  const started = await startRevision(plan, online.starting());
  await online.fleet.replace({ plan, revision: started });
}

/** Changes the number of instances only: no process that stays is touched. */
export async function scale(online: Online, stored: StoredDeployment): Promise<void> {
  const served = online.fleet.get(stored.endpoint, stored.name);
  if (!served) return provision(online, stored);
  const plan = resolvePlan(stored, stored.wanted, online.places, online.settings().processesPerDeployment);
  const before = served.revision.replicas.length;
  const failed = await served.revision.resize(plan.instanceCount);
  if (failed) await served.revision.resize(before);
  await finish(online, stored, failed ? 'Failed' : 'Succeeded', stored.wanted);
  if (failed)
    throw failure(400, 'ResourceNotReady', 'An added instance did not get ready. Its log says why.');
}

/** Ends a deployment's processes and forgets it. */
export async function dismantle(online: Online, endpoint: string, name: string): Promise<void> {
  await online.fleet.remove(endpoint, name);
  await online.documents.deployments.delete(deploymentKey(endpoint, name));
  await removeFiles(online, endpoint, name, '');
}

async function finish(
  online: Online,
  stored: StoredDeployment,
  provisioningState: DeploymentState,
  serving?: StoredRevision,
): Promise<void> {
  if (online.isStopping()) return;
  const { store } = online.context;
  const key = deploymentKey(stored.endpoint, stored.name);
  await store.transaction(() => {
    const current = online.documents.deployments.get(key);
    // A deployment that was deleted meanwhile stays deleted, and a later request has the last word.
    if (current?.wanted.id !== stored.wanted.id || current.provisioningState === 'Deleting') return;
    const next = { ...current, provisioningState, ...(serving ? { serving } : {}) };
    void online.documents.deployments.put(key, next);
    if (serving && serving.id !== current.serving?.id) outboxOf(store).record(deployedEvent(online, next));
  });
  outboxOf(store).wake();
}

/** Tells of a revision that has come to serve. */
function deployedEvent(online: Online, { endpoint, name, ...deployment }: StoredDeployment): WorkspaceEvent {
  // Stored as it was parsed.
  const { model, endpointComputeType } = deployment.wanted.properties as DeploymentProperties;
  const reference = model === undefined ? undefined : parseReference(model, 'models');
  const asset = reference?.kind === 'asset' ? online.places.assets.stored(reference) : undefined;
  return modelDeployed({
    endpoint,
    computeType: endpointComputeType,
    models: asset ? [`${asset.name}:${asset.version}`] : [],
    tags: deployment.tags,
    properties: { ...deployment.properties, deploymentName: name },
    time: online.context.clock.now().toISOString(),
  });
}

async function removeOtherRevisions(
  online: Online,
  endpoint: string,
  name: string,
  kept: string,
): Promise<void> {
  const { root } = revisionFolders(online.context.folders.deployments, {
    endpoint,
    deployment: name,
    revision: '',
  });
  const others = (await readdir(root)).filter((id) => id !== kept);
  await Promise.all(others.map((id) => removeFiles(online, endpoint, name, id)));
}

async function removeFiles(
  online: Online,
  endpoint: string,
  deployment: string,
  revision: string,
): Promise<void> {
  const { root } = revisionFolders(online.context.folders.deployments, { endpoint, deployment, revision });
  await rm(root, { recursive: true, force: true, maxRetries: 3 });
}

/** What goes wrong outside the container is a bad image or a bad argument, in Azure's words. */
function asOperationError(error: unknown): Problem {
  if (error instanceof Problem && error.reply?.code) return problemWithNext(error, error.reply.code);
  if (error instanceof Problem) return problemWithNext(error, codeFor(error));
  return failure(500, 'InternalServerError', `The deployment could not be started: ${messageOf(error)}`);
}

function problemWithNext(error: Problem, code: string): Problem {
  const message = error.next === undefined ? error.message : `${error.message} ${error.next}`;
  return failure(error.reply?.status ?? 400, code, message, error.code);
}

function codeFor(error: Problem): string {
  switch (error.code) {
    case 'job':
    case 'unsupported':
    case 'file':
    case 'network':
      return 'ImageBuildFailure';
    case 'not-found':
    case 'model':
    case 'storage':
      return 'ResourceNotFound';
    default:
      return 'BadArgument';
  }
}
