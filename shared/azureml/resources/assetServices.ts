import type { ArmCallOptions, AssetServices } from '../assets/index.ts';
import type { Arm, RequestOptions } from '../connect/arm.ts';
import type { Datastores } from './datastores.ts';

/** The little that sending assets needs, on top of the workspace's client. */
export function assetServices(client: {
  readonly arm: Arm;
  readonly workspaceId: string;
  readonly datastores: Datastores;
}): AssetServices {
  const { arm, workspaceId, datastores } = client;
  const url = (path: string, options: ArmCallOptions): string => {
    const query = new URLSearchParams({ 'api-version': options.apiVersion, ...options.query });
    return `${workspaceId}${path ? `/${path}` : ''}?${query.toString()}`;
  };
  const request = (options: ArmCallOptions): RequestOptions =>
    options.abortSignal ? { abortSignal: options.abortSignal } : {};
  return {
    workspaceId,
    openDatastore: (name, options) => datastores.open(name, options),
    openContainer: (sasUri) => datastores.openSigned(sasUri),
    arm: {
      async get(path, options) {
        const answer = await arm.send(`Reading '${path}'`, 'GET', url(path, options), undefined, {
          ...request(options),
          allow: [404],
        });
        return answer.status === 404 ? undefined : answer.body;
      },
      async put(path, body, options) {
        return (await arm.send(`Creating '${path}'`, 'PUT', url(path, options), body, request(options))).body;
      },
      async post(path, body, options) {
        return (await arm.send(`Calling '${path}'`, 'POST', url(path, options), body, request(options))).body;
      },
    },
  };
}
