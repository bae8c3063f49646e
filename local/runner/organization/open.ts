import { systemClock } from '../agent/clock.ts';
import { startDevOps, type IncomingWebhook, type NewRelease } from '../../devops/index.ts';
import { projectIdIn } from '../execute/start.ts';
import type { ReleaseSettings } from '../release/options.ts';
import type { ReleasePlan } from '../release/plan.ts';
import { createQueue } from './queue.ts';
import { releasesOf } from './releases.ts';
import { followSchedules } from './schedules.ts';
import { webhooksOf } from './webhooks.ts';

export interface OrganizationOptions {
  readonly definitions: readonly ReleasePlan[];
  readonly pipelines: readonly { readonly file: string; readonly repository: string }[];
  readonly settings: ReleaseSettings;
  readonly runsFolder: string;
  /** Secrets of incoming webhooks by the name of their connection. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly port?: number;
  /** Told when a run or release could not be carried out. */
  readonly failed: (error: unknown) => void;
}

/** What stands between runs: it takes what starts them. */
export interface Organization {
  /** With its slash at the end. */
  readonly collectionUri: string;
  readonly project: string;
  /** Opens the REST API, as a personal access token does. */
  readonly token: string;
  readonly webhooks: readonly (IncomingWebhook & { readonly url: string })[];
  /** Resolves when what came so far is done. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

const PROJECT = { organization: 'local', name: 'local' };

/** Opens an organisation of one project on this machine: releases are made and pipelines started from outside. */
export async function openOrganization(options: OrganizationOptions): Promise<Organization> {
  const { definitions, pipelines, settings, runsFolder, secrets = {}, port } = options;
  const queue = createQueue(options.failed);
  const shared = { settings, runsFolder, project: PROJECT, queue };
  const webhooks = webhooksOf({ ...shared, pipelines, secrets });
  const releases = releasesOf({ ...shared, plans: definitions });
  const devops = await startDevOps({
    organization: PROJECT.organization,
    project: { id: await projectIdIn(runsFolder), name: PROJECT.name },
    connections: settings.connections,
    // Runs have servers of their own while they last.
    builds: { find: () => undefined, approval: () => undefined, approvals: () => [] },
    releases,
    webhooks,
    ...(port !== undefined && { port }),
  });
  const stop = followSchedules({
    ...{ plans: definitions, clock: settings.clock ?? systemClock, failed: options.failed },
    create: (id) => releases.create(scheduledRelease(id)),
  });
  const { token } = devops.admitJob({ planId: 'outside', jobId: 'outside' });
  const address = (name: string): string =>
    `${devops.collectionUri}_apis/public/distributedtask/webhooks/${encodeURIComponent(name)}?api-version=6.0-preview`;
  return {
    ...{ token, project: PROJECT.name, collectionUri: devops.collectionUri },
    webhooks: webhooks.connections.map((one) => ({ ...one, url: address(one.name) })),
    idle: () => queue.idle(),
    close: () => {
      stop();
      return devops.close();
    },
  };
}

/** What the service asks for when a time of the definition has come. */
function scheduledRelease(definitionId: number): NewRelease {
  return {
    ...{ definitionId, reason: 'schedule', description: '', isDraft: false },
    ...{ artifacts: {}, variables: {}, stageVariables: new Map(), manualStages: [] },
  };
}
