import { createHash } from 'node:crypto';
import { workspaceId, type WorkspaceContext } from '../../../context.ts';
import type { Json } from '../../../server/bodies.ts';
import { openAssets } from '../../assets/assetStore.ts';
import type { AssetType } from '../../assets/records.ts';
import { READING } from './python/reading.ts';
import { SIGNALS } from './python/signals.ts';
import { STATISTICS } from './python/statistics.ts';

const NAME = 'azureml-model-monitor';
/** The packages of the diabetes sample, so that one virtual environment serves both. */
const CONDA_FILE = JSON.stringify({
  dependencies: [
    'python',
    {
      pip: [
        'mlflow==2.22.4',
        'azureml-mlflow==1.62.0.post6',
        'scikit-learn==1.6.1',
        'pandas==2.2.3',
        'azureml-inference-server-http==1.5.1',
      ],
    },
  ],
});
const FILES = { 'reading.py': READING, 'statistics_of_rows.py': STATISTICS, 'signal_metrics.py': SIGNALS };
/** Empty places stand for inputs that a signal does not have. */
const COMMAND =
  'python signal_metrics.py "${{outputs.result}}" "$[[${{inputs.measures}}]]" "$[[${{inputs.reference}}]]"' +
  ' "$[[${{inputs.production}}]]" "$[[${{inputs.production_2}}]]" "$[[${{inputs.production_3}}]]"';
const INPUTS = ['measures', 'reference', 'production', 'production_2', 'production_3'];

/** Parts of production data that a signal may be put together from. */
export const MOST_PARTS = 3;

/** Makes sure that the component that measures signals is there, with its code and environment. Returns its ARM id. */
export async function signalComponent(context: WorkspaceContext): Promise<string> {
  const version = createHash('sha256')
    .update(JSON.stringify([FILES, CONDA_FILE, COMMAND]))
    .digest('hex')
    .slice(0, 16);
  const idOf = (type: AssetType): string =>
    `${workspaceId(context.identity)}/${type}/${NAME}/versions/${version}`;
  if (openAssets(context, 'components').version(NAME, version)) return idOf('components');
  await context.storageReady;
  const { storage } = context;
  const folder = `LocalUpload/${version}/${NAME}`;
  for (const [name, text] of Object.entries(FILES))
    await storage.upload(storage.blobContainer, `${folder}/${name}`, text.trimStart());
  const put = (type: AssetType, properties: Json): Promise<unknown> =>
    putOwn(context, { type, version, properties });
  await put('codes', { codeUri: storage.url(storage.blobContainer, folder) });
  await put('environments', {
    image: 'mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04',
    condaFile: CONDA_FILE,
    environmentType: 'UserCreated',
    osType: 'Linux',
  });
  await put('components', { componentSpec: specOf(version, idOf) });
  return idOf('components');
}

function specOf(version: string, idOf: (type: AssetType) => string): Json {
  return {
    name: NAME,
    version,
    type: 'command',
    display_name: 'Model monitor: one signal',
    command: COMMAND,
    code: `azureml:${idOf('codes')}`,
    environment: `azureml:${idOf('environments')}`,
    inputs: Object.fromEntries(INPUTS.map((name) => [name, { type: 'uri_folder', optional: true }])),
    outputs: { result: { type: 'uri_folder' } },
  };
}

interface Own {
  readonly type: AssetType;
  readonly version: string;
  readonly properties: Json;
}

/** What the workspace registers by itself is not among the assets that people list. */
async function putOwn(context: WorkspaceContext, { type, version, properties }: Own): Promise<void> {
  const common = { tags: {}, properties: {}, isArchived: false, isAnonymous: true };
  await openAssets(context, type).putVersion({
    name: NAME,
    version,
    caller: { name: 'workspace' },
    merge: (current) => current ?? { ...common, ...properties },
    container: { tags: {}, properties: {}, isArchived: true },
  });
}
