import { resolveAssets } from '../../shared/azureml/assets/index.ts';
import type { UploadProgress } from '../../shared/azureml/assets/services.ts';
import {
  resourcePath,
  withoutSecrets,
  type Compilation,
  type Warning,
} from '../../shared/azureml/yaml/index.ts';
import { DRY_CONTAINER, DRY_DATASTORE, dryWorkspace, type DryNames } from './dryWorkspace.ts';
import type { Request } from './request.ts';

/** What sending a file would do, in order; secrets are left out. */
export interface Plan {
  readonly kind: string;
  readonly apiVersion: string;
  readonly uploads: readonly Upload[];
  readonly requests: readonly PlannedRequest[];
  readonly warnings: readonly Warning[];
}

export interface Upload {
  /** Absolute path of the file or folder. */
  readonly path: string;
  readonly files: number;
  readonly bytes: number;
}

export interface PlannedRequest {
  readonly method: string;
  /** Below the workspace. */
  readonly path: string;
  readonly body: unknown;
}

/** What only a workspace knows stands in braces. */
const NAMES: DryNames = {
  workspaceId:
    '/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.MachineLearningServices/workspaces/{workspace}',
  location: '{location}',
  latest: '{latest}',
  next: '{next}',
};

/** Carries a compilation out without a workspace, and tells what would have been sent to an empty one. */
export async function planOf(compilation: Compilation): Promise<Plan> {
  const sent: Request[] = [];
  const uploads = new Map<string, Upload>();
  const note = ({ path, filesTotal, bytesTotal }: UploadProgress): void =>
    void uploads.set(path, { path, files: filesTotal, bytes: bytesTotal });
  const { body } = await resolveAssets(withoutSecrets(compilation), dryWorkspace(sent, NAMES, note));
  const assets = sent.flatMap(({ method, path, body: own }) =>
    path !== undefined && method === 'PUT' ? [{ method, path, body: own }] : [],
  );
  const { kind, apiVersion, warnings } = compilation;
  const resource = { method: 'PUT', path: resourcePath(compilation), body };
  const requests = readable([...assets, resource]);
  return { kind, apiVersion, uploads: [...uploads.values()], requests, warnings };
}

/** Names that are random, or belong to a storage that is not there, as words in braces. */
function readable(requests: readonly PlannedRequest[]): PlannedRequest[] {
  const codes = requests.flatMap(({ path }) => /^\/codes\/([^/]+)\//.exec(path)?.[1] ?? []);
  const words = new Map(codes.map((code, index) => [code, `{code ${index + 1}}`]));
  words.set(DRY_DATASTORE, '{datastore}').set(DRY_CONTAINER, '{container}');
  const text = [...words].reduce((done, [from, to]) => done.replaceAll(from, to), JSON.stringify(requests));
  return JSON.parse(text) as PlannedRequest[];
}
