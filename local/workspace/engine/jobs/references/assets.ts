import type { NodeLimits } from '../../computes/index.ts';
import type { EnvironmentRequest } from '../../environments/index.ts';
import type { AssetReference } from './reference.ts';

/** A registered data asset, model or code snapshot. */
export interface StoredAsset {
  readonly name: string;
  readonly version: string;
  readonly uri: string;
  /** Of the content, as the client that sent it computed it. */
  readonly hash?: string;
  /** `uri_file`, `mlflow_model` and so on. */
  readonly type?: string;
}

export interface StoredEnvironment extends EnvironmentRequest {
  /** The environment is built from a Dockerfile, which is not possible here. */
  readonly fromDockerfile: boolean;
}

/** What jobs need to know of the workspace's other resources. */
export interface Assets {
  /** A data asset, model or code version; undefined when there is none. */
  stored(reference: AssetReference): StoredAsset | undefined;
  environment(reference: AssetReference): StoredEnvironment | undefined;
  /** The component's specification as it was registered. */
  component(reference: AssetReference): Readonly<Record<string, unknown>> | undefined;
  datastore(name: string): { readonly accountName: string; readonly containerName: string } | undefined;
  hasCompute(name: string): boolean;
  /** How many nodes a compute has; undefined when it is not there. */
  nodeLimits(compute: string): NodeLimits | 'unlimited' | undefined;
  /** Registers what a job gave under a name, as the next version unless one is given. Returns the version. */
  register(asset: NewAsset): Promise<string>;
}

export interface NewAsset {
  readonly kind: 'data' | 'models';
  readonly name: string;
  readonly version?: string;
  readonly type: string;
  readonly uri: string;
  readonly jobName: string;
  readonly anonymous: boolean;
}
