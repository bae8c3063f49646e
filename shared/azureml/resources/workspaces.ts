import { Problem } from '../../problem/index.ts';
import type { Arm, RequestOptions } from '../connect/arm.ts';
import { record, text } from '../connect/parse.ts';

export interface Workspace {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  /** The guid the service calls workspaceId. */
  readonly workspaceGuid: string;
  readonly discoveryUrl: string;
  readonly mlflowTrackingUri: string | undefined;
}

export interface Workspaces {
  /** The workspace of this connection; read once. */
  get(options?: RequestOptions): Promise<Workspace>;
  /** Base URL of the data plane, from the workspace's discovery document; read once, no trailing slash. */
  dataPlaneUrl(options?: RequestOptions): Promise<string>;
}

export function createWorkspaces(arm: Arm, workspaceId: string): Workspaces {
  const get = once(async (options?: RequestOptions) =>
    parseWorkspace((await arm.send('Reading the workspace', 'GET', workspaceId, undefined, options)).body),
  );
  const dataPlaneUrl = once(async (options?: RequestOptions) => {
    const { discoveryUrl } = await get(options);
    const answer = await arm.sendTo(
      "Reading the workspace's discovery document",
      'GET',
      discoveryUrl,
      undefined,
      options,
    );
    const services = record(answer.body);
    const url = text(services['api']) ?? text(services['history']);
    if (!url) throw noDataPlane(discoveryUrl);
    return url.replace(/\/+$/, '');
  });
  return { get, dataPlaneUrl };
}

/** Remembers the first success; a failure is not remembered, so that the next caller tries again. */
function once<T>(read: (options?: RequestOptions) => Promise<T>): (options?: RequestOptions) => Promise<T> {
  let pending: Promise<T> | undefined;
  return (options) => {
    pending ??= read(options).catch((error: unknown) => {
      pending = undefined;
      throw error;
    });
    return pending;
  };
}

function parseWorkspace(body: unknown): Workspace {
  const raw = record(body);
  const properties = record(raw['properties']);
  return {
    id: text(raw['id']) ?? '',
    name: text(raw['name']) ?? '',
    location: text(raw['location']) ?? '',
    workspaceGuid: text(properties['workspaceId']) ?? '',
    discoveryUrl: text(properties['discoveryUrl']) ?? '',
    mlflowTrackingUri: text(properties['mlFlowTrackingUri']),
  };
}

function noDataPlane(discoveryUrl: string): Problem {
  return new Problem({
    code: 'service',
    message: `The discovery document at ${discoveryUrl} names no data-plane address.`,
    next: 'Check that the workspace is healthy (its Diagnose page), then run the step again.',
  });
}
