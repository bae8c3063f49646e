import type { EnvironmentRequest } from '../environments/index.ts';
import type { ServingRoutes, ServingSettings } from './serving.ts';

/** Where an asset's bytes lie: one blob, or every blob below the path. */
export interface AssetLocation {
  readonly container: string;
  readonly path: string;
}

/** A registered model, or a path that is deployed without being registered. */
export interface DeployedModel {
  readonly name: string;
  readonly version: string;
  readonly isMlflow: boolean;
  readonly location: AssetLocation;
}

/** Everything one revision of a deployment is made of, with every reference resolved. */
export interface DeploymentPlan {
  readonly endpoint: string;
  readonly deployment: string;
  /** Names the folder of this revision. */
  readonly revision: string;
  readonly code?: AssetLocation & { readonly scoringScript: string };
  readonly model?: DeployedModel;
  readonly environment?: EnvironmentRequest;
  readonly environmentVariables: Readonly<Record<string, string>>;
  readonly instanceCount: number;
  readonly serving: ServingSettings;
  readonly routes: ServingRoutes;
  /** Whether failures are named the way Azure names them for Kubernetes. */
  readonly isKubernetes: boolean;
  /** What Azure's data collector would fill; nothing is collected on this machine. */
  readonly collections: readonly string[];
}
