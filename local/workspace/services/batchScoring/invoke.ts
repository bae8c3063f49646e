import { createHash, randomUUID } from 'node:crypto';
import type { Caller } from '../../context.ts';
import { conflict, userError } from '../../server/failures.ts';
import type { Json } from '../../server/bodies.ts';
import { findDeployment, type Batch } from '../batchEndpoints/batch.ts';
import type { StoredDeployment, StoredEndpoint } from '../batchEndpoints/documents.ts';
import { isBusy } from '../onlineEndpoints/documents.ts';
import { checkReferences } from '../jobs/checkReferences.ts';
import { readJob } from '../jobs/readJob.ts';
import { submitJob, type OfSchedule } from '../jobs/submitJob.ts';
import { buildJob } from './buildJob.ts';
import { invocationsIn } from './invocations.ts';
import { readInvocation } from './readInvocation.ts';

/** What comes with the body of an invocation. */
export interface Asked {
  readonly body: Json;
  /** The deployment the caller names; without one, the endpoint's default. */
  readonly deployment: string | undefined;
  /** The caller's own name for the request: sent again, it means the same job. */
  readonly requestId: string | undefined;
  /** What a schedule that invokes says of itself. */
  readonly ofSchedule?: OfSchedule;
}

/** The job of an invocation, and whether it was there already. */
export interface Invoked {
  readonly name: string;
  readonly isNew: boolean;
}

/** Makes and starts the job of an invocation; the same request again finds the job it made. */
export async function invoke(
  batch: Batch,
  endpoint: StoredEndpoint,
  asked: Asked,
  caller: Pick<Caller, 'subject' | 'name'>,
): Promise<Invoked> {
  const { context, places } = batch;
  const deployment = chosen(batch, endpoint, asked.deployment);
  const invocation = readInvocation(asked.body, deployment.name);
  const name = invocation.name ?? nameFor(endpoint.name, asked.requestId);
  const invocations = invocationsIn(context.store);
  const known = invocations.get(endpoint.name, name);
  if (known && known.digest !== invocation.digest) throw taken(name, endpoint.name);
  if (known && places.records.jobs.get(name)) return { name, isNew: false };
  const job = readJob(buildJob(batch, deployment, invocation));
  checkReferences(job.properties, places.assets);
  if (places.records.runs.get(name)) throw taken(name, endpoint.name);
  const { digest } = invocation;
  const order = context.clock.now().toISOString();
  const wanted = { name, deployment: deployment.name, digest, order };
  const claimed = await invocations.claim(endpoint.name, wanted);
  if (claimed.digest !== digest) throw taken(name, endpoint.name);
  const submit = () => submitJob(context, name, { job, caller, ...asked.ofSchedule });
  return { name, isNew: await submitted(batch, submit, name) };
}

/** Whether this call made the job: of two at the same moment one does. */
async function submitted(batch: Batch, submit: () => Promise<unknown>, name: string): Promise<boolean> {
  try {
    await submit();
    return true;
  } catch (error) {
    if (batch.places.records.jobs.get(name)) return false;
    throw error;
  }
}

function chosen(batch: Batch, endpoint: StoredEndpoint, asked: string | undefined): StoredDeployment {
  const name = asked ?? endpoint.defaultDeployment;
  if (name === undefined) {
    throw userError(
      `The endpoint '${endpoint.name}' has no default deployment. Make one the default, or name one in the header azureml-model-deployment.`,
    );
  }
  const deployment = findDeployment(batch, endpoint.name, name);
  if (isBusy(deployment.provisioningState) && !deployment.step)
    throw conflict(`The deployment '${name}' is ${deployment.provisioningState}. Wait until it is there.`);
  if (deployment.provisioningState === 'Failed')
    throw userError(`The deployment '${name}' failed while it was provisioned. Correct it first.`);
  return deployment;
}

/** The same request has the same name however often it comes. */
function nameFor(endpoint: string, requestId: string | undefined): string {
  if (!requestId) return `batchjob-${randomUUID()}`;
  const hash = createHash('sha256').update(`${endpoint}\n${requestId}`).digest('hex');
  const parts = [
    hash.slice(0, 8),
    hash.slice(8, 12),
    hash.slice(12, 16),
    hash.slice(16, 20),
    hash.slice(20, 32),
  ];
  return `batchjob-${parts.join('-')}`;
}

function taken(name: string, endpoint: string): Error {
  return conflict(
    `A job with the name '${name}' already exists, and the endpoint '${endpoint}' was asked for something else now. Use another name.`,
  );
}
