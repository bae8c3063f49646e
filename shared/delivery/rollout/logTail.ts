import type { AzureML } from '../../azureml/index.ts';

const LINES = 100;
/** The inference server's own container; before it, another one fetches model and code. */
const CONTAINERS = ['InferenceServer', 'StorageInitializer'] as const;

/** The end of a deployment's log: of the container that serves, or of the one before it where that never started. */
export async function readLogTail(
  client: AzureML,
  endpoint: string,
  deployment: string,
): Promise<readonly string[]> {
  for (const container of CONTAINERS) {
    const text = await client.endpoints.deployments
      .logs(endpoint, deployment, { container, tail: LINES })
      .catch(() => '');
    const lines = text.split(/\r?\n/).map((line) => line.trimEnd());
    const last = lines.findLastIndex((line) => line !== '');
    if (last >= 0) return lines.slice(0, last + 1).slice(-LINES);
  }
  return [];
}
