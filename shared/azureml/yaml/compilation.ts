import type { ProblemPlace } from '../../problem/index.ts';
import type { Warning } from './document/node.ts';

/** JSON of a request in which references and uploads still stand as symbols. */
export type Draft =
  string | number | boolean | null | Real | Secret | Reference | readonly Draft[] | DraftMap;
export interface DraftMap {
  readonly [key: string]: Draft;
}

/** A float; Python writes a whole one as `2.0`, which counts where specifications are hashed. */
export class Real {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** A key, token or password: only the request itself gets to see it; printed in any way it is stars. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }
}

export type VersionedType = 'codes' | 'components' | 'data' | 'environments' | 'models';
export type NamedType = 'computes' | 'datastores' | 'jobs';

/** What a reference points at: something the workspace has already, or a local asset that must be sent first. */
export type Target =
  | { readonly kind: 'named'; readonly type: NamedType; readonly name: string }
  | {
      readonly kind: 'version';
      readonly type: VersionedType;
      readonly name: string;
      readonly version: string;
    }
  | { readonly kind: 'label'; readonly type: VersionedType; readonly name: string; readonly label: string }
  /** The region of the workspace. */
  | { readonly kind: 'location' }
  /** A resource in the resource group of the workspace, such as `Microsoft.Network/virtualNetworks/<name>`. */
  | { readonly kind: 'inGroup'; readonly path: string }
  /** Something below the workspace, such as `onlineEndpoints/<name>/deployments/<name>`. */
  | { readonly kind: 'inWorkspace'; readonly path: string }
  /** What an online deployment collects: the data asset it goes to, or that asset's type. */
  | {
      readonly kind: 'collected';
      readonly endpoint: string;
      readonly deployment: string;
      readonly collection: 'model_inputs' | 'model_outputs' | 'app_traces';
      readonly member: 'id' | 'type';
    }
  /** A path in a datastore, as an address that names subscription, group and workspace too. */
  | { readonly kind: 'datastorePath'; readonly datastore: string; readonly path: string }
  | { readonly kind: 'local'; readonly asset: LocalAsset };

/** A value that is known only once the workspace is: the ARM id or address of what it points at. */
export class Reference {
  readonly target: Target;
  readonly place: ProblemPlace;
  /** Written before the resolved id or address, such as `azureml:` in component specifications. */
  readonly prefix: string;

  constructor(target: Target, place: ProblemPlace, prefix = '') {
    this.target = target;
    this.place = place;
    this.prefix = prefix;
  }
}

/** A code folder or file that becomes an anonymous code version. */
export interface LocalCode {
  readonly kind: 'code';
  /** Absolute; where there is nothing but includes, the folder they are written in. */
  readonly path: string;
  /** Whose code it is: that of a component goes without Python's caches. */
  readonly of: 'job' | 'component';
  /** What a component has merged with its code. */
  readonly merge?: CodeMerge;
  readonly place: ProblemPlace;
}

export interface CodeMerge {
  /** Absolute paths of files and folders, in the order in which they are laid over the code. */
  readonly includes: readonly string[];
  /** Whether there is code that they are merged with. */
  readonly hasCode: boolean;
}

/** A local file or folder that goes to a datastore; the reference becomes its address there. */
export interface LocalPath {
  readonly kind: 'path';
  /** Absolute. */
  readonly path: string;
  readonly datastore: string;
  /** `azureml://datastores/...`, the same with subscription and workspace in it, or the storage's own https address. */
  readonly address: 'short' | 'long' | 'https';
  /** Whether the address ends with a slash, which the reference client writes after folders in some places. */
  readonly trailingSlash: boolean;
  readonly place: ProblemPlace;
}

/** An asset described inside another file, or found from there, that must be created before it can be named. */
export interface LocalVersion {
  readonly kind: 'version';
  readonly type: Exclude<VersionedType, 'codes'>;
  /** Undefined for an anonymous asset: its name and version follow from its content. */
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly body: DraftMap;
  /** The local files an anonymous asset is named after, where it has any. */
  readonly content?: LocalPath;
  readonly place: ProblemPlace;
}

export type LocalAsset = LocalCode | LocalPath | LocalVersion;

export type JobKind = 'commandJob' | 'sweepJob' | 'pipelineJob' | 'autoMLJob' | 'sparkJob';
export type ComponentKind =
  'commandComponent' | 'pipelineComponent' | 'sparkComponent' | 'parallelComponent' | 'dataTransferComponent';
export type DatastoreKind = 'azureBlob' | 'azureFile' | 'azureDataLakeGen1' | 'azureDataLakeGen2' | 'oneLake';
export type EndpointKind = 'managedOnlineEndpoint' | 'kubernetesOnlineEndpoint';
export type DeploymentKind = 'managedOnlineDeployment' | 'kubernetesOnlineDeployment';
export type BatchDeploymentKind =
  'batchDeployment' | 'modelBatchDeployment' | 'pipelineComponentBatchDeployment';
export type ScheduleKind = 'schedule' | 'monitorSchedule' | 'importDataSchedule';
export type ComputeKind =
  'amlCompute' | 'computeInstance' | 'vmCompute' | 'kubernetesCompute' | 'synapseSparkCompute';

/** The kinds each use of a file can have: what a file is read for comes before what it says of itself. */
export interface KindsOfUse {
  job: JobKind;
  component: ComponentKind;
  environment: 'environment';
  model: 'model';
  data: 'data';
  dataImport: 'dataImport';
  datastore: DatastoreKind;
  onlineEndpoint: EndpointKind;
  onlineDeployment: DeploymentKind;
  batchEndpoint: 'batchEndpoint';
  batchDeployment: BatchDeploymentKind;
  schedule: ScheduleKind;
  compute: ComputeKind;
  workspace: 'workspace';
  connection: 'connection';
}
export type Use = keyof KindsOfUse;
export type Kind = KindsOfUse[Use];
/** Uses whose resource is a version of an asset. */
export type AssetUse = 'component' | 'environment' | 'model' | 'data';

/** What a file comes to: the body to PUT, the local assets to send first, and what is worth a warning. */
export interface Compilation<K extends Kind = Kind> {
  readonly use: Use;
  readonly kind: K;
  /** The stable api-version that knows every member of the body. */
  readonly apiVersion: string;
  /** Undefined where the file leaves it to the caller (jobs) or to the content (anonymous assets). */
  readonly name: string | undefined;
  /** Of an asset; undefined where the service counts on. */
  readonly version: string | undefined;
  /** Of a deployment: the endpoint it belongs to. */
  readonly endpointName: string | undefined;
  /** The whole resource as it is PUT, `properties` included. */
  readonly body: DraftMap;
  /** Every local asset in the order it is met, each once. */
  readonly assets: readonly LocalAsset[];
  readonly warnings: readonly Warning[];
}

export type JobCompilation = Compilation<JobKind>;
export type EndpointCompilation = Compilation<EndpointKind>;
export type DeploymentCompilation = Compilation<DeploymentKind>;
export type AssetCompilation = Compilation<KindsOfUse[AssetUse]>;

export interface CompileOptions {
  /** Contradictions and duplicate keys are errors instead of warnings. */
  readonly strict?: boolean;
}
