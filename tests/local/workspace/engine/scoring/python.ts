import { prepareEnvironment } from '../../../../../local/workspace/engine/environments/index.ts';
import path from 'node:path';
import { cacheFolder } from '../../../../../local/workspace/cacheFolder.ts';

/** An interpreter with the inference server, from the same cache that deployments use. */
export async function pythonWithServer(): Promise<string> {
  const { python } = await prepareEnvironment(
    { extraPipRequirements: ['azureml-inference-server-http==1.5.1'] },
    { cacheFolder: path.join(cacheFolder(), 'environments'), onLog: () => {} },
  );
  return python;
}
