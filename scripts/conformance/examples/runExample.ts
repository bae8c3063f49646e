import { randomUUID } from 'node:crypto';
import { resolveAssets } from '../../../shared/azureml/assets/index.ts';
import { connect, type AzureML } from '../../../shared/azureml/index.ts';
import { isEnded } from '../../../shared/azureml/resources/jobs.ts';
import { compileJob, readYamlFile } from '../../../shared/azureml/yaml/index.ts';
import type { WorkspaceAddress } from '../../../local/workspace/index.ts';
import type { Example } from './examples.ts';

/** How an example ended. */
export interface Outcome {
  readonly status: string;
  readonly seconds: number;
  /** Why it did not complete. */
  readonly reason?: string;
}

const LOOK_EVERY_IN_MS = 500;

/** Compiles the file as it is, submits it, and waits for its end. */
export async function runExample(example: Example, client: AzureML): Promise<Outcome> {
  const start = Date.now();
  const { body } = await resolveAssets(compileJob(readYamlFile(example.file)), client.assets);
  const name = `${example.name}-${randomUUID().slice(0, 8)}`;
  let job = await client.jobs.put(name, body);
  while (!isEnded(job.status)) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_IN_MS));
    job = (await client.jobs.get(name)) ?? job;
  }
  const seconds = (Date.now() - start) / 1000;
  if (job.status === 'Completed') return { status: job.status, seconds };
  const details = await client.runs.details(name);
  return { status: job.status, seconds, reason: details.error?.message ?? 'no reason was given' };
}

/** The extension's own client, signed in to a workspace on this machine. */
export function clientOf(address: WorkspaceAddress): AzureML {
  const { tenantId, clientId, clientSecret: secret } = address;
  return connect({
    connection: {
      environment: 'AzureStack',
      resourceManagerUrl: address.apiUrl,
      authorityUrl: address.apiUrl,
      signIn: { scheme: 'secret', tenantId, clientId, secret },
    },
    scope: address,
    network: { tls: { caFile: address.caFile } },
    userAgent: 'azureml-delivery-examples/1',
  });
}
