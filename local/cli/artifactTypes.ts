import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { request } from 'undici';
import { Problem } from '../../shared/problem/index.ts';
import type { ArtifactType } from '../runner/index.ts';
import type { WorkspaceAddress } from '../workspace/address.ts';
import { withSignIn } from './signIn.ts';
import { builtFolder } from './state.ts';

const TYPE = 'ms.vss-releaseartifact.release-artifact-type';
const API_VERSION = '2025-12-01';

/** The artifact types this extension brings, their versions looked up in the embedded workspace. */
export async function artifactTypes(address: WorkspaceAddress): Promise<ArtifactType[]> {
  const file = path.join(path.dirname(path.dirname(builtFolder('tasks'))), 'vss-extension.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as Manifest;
  return manifest.contributions
    .filter((one) => one.type === TYPE)
    .map(({ properties: { name, downloadTaskId } }) => ({
      name,
      downloadTaskId,
      newest: (artifact) => newestVersion(address, artifact.inputs),
    }));
}

interface Manifest {
  readonly contributions: readonly {
    readonly type: string;
    readonly properties: { readonly name: string; readonly downloadTaskId?: string };
  }[];
}

type Inputs = ReadonlyMap<string, { readonly id: string }>;

/** The version registered last, with the tag where the artifact asks for one: what the service's own list begins with. */
async function newestVersion(address: WorkspaceAddress, inputs: Inputs): Promise<string | undefined> {
  const id = (name: string): string => inputs.get(name)?.id ?? '';
  const tag = id('defaultVersionType') === 'latestFromBranchType' ? id('branch') : '';
  const query = new URLSearchParams({
    'api-version': API_VERSION,
    $orderBy: 'createdtime desc',
    $top: '1',
    listViewType: 'ActiveOnly',
    ...(tag && { tags: tag }),
  });
  const url = `${address.apiUrl}${ownerOf(address, inputs)}/models/${encodeURIComponent(id('definition'))}/versions?${query.toString()}`;
  return withSignIn(address, async ({ token, dispatcher }) => {
    const answer = await request(url, { headers: { authorization: `Bearer ${token}` }, dispatcher });
    const body = (await answer.body.json()) as Answer;
    if (answer.statusCode === 404) return undefined;
    if (body.value) return body.value[0]?.name;
    throw new Problem({
      code: 'service',
      message: `The versions of the model '${id('definition')}' cannot be listed.`,
      reply: { status: answer.statusCode, ...(body.error?.message && { message: body.error.message }) },
    });
  });
}

interface Answer {
  readonly value?: readonly { readonly name: string }[];
  readonly error?: { readonly message?: string };
}

function ownerOf({ subscriptionId, resourceGroup, workspaceName }: WorkspaceAddress, inputs: Inputs): string {
  const registry = inputs.get('registry')?.id;
  const group = encodeURIComponent(inputs.get('resourceGroup')?.id || resourceGroup);
  const owner = registry
    ? `registries/${encodeURIComponent(registry)}`
    : `workspaces/${encodeURIComponent(inputs.get('workspace')?.id || workspaceName)}`;
  return `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/Microsoft.MachineLearningServices/${owner}`;
}
