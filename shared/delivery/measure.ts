import type { AzureML, ModelVersion } from '../azureml/index.ts';
import type { MeasuredOn, Metrics } from '../evaluation/index.ts';
import {
  EMPTY_RECORD,
  gateMetricsIn,
  latest,
  recordedMetrics,
  type EvidenceRecord,
  type MetricsOrigin,
} from '../evidence/index.ts';
import type { Champion } from './champion.ts';
import { evidenceOfJob, evidenceOfModel, type FoundEvidence } from './evidence.ts';

/** The numbers of one side, where they come from, and what they were measured on as far as that is known. */
export interface Measurement {
  readonly metrics: Metrics;
  readonly origin: MetricsOrigin;
  readonly on: MeasuredOn | undefined;
}

/** The metrics of the training, from the record or from the job itself. */
export function measurementIn({ record, origin }: FoundEvidence): Measurement {
  const trained = latest(record, 'trained')?.content;
  if (trained === undefined) return { metrics: {}, origin: 'none', on: undefined };
  return { metrics: recordedMetrics(trained.metrics), origin, on: { inputs: trained.data } };
}

/** A model's own gate metrics, for one whose record and job are out of reach; nothing is known about their data. */
export function measurementOn(model: ModelVersion | undefined): Measurement {
  const metrics = gateMetricsIn(model?.properties ?? {});
  return { metrics, origin: Object.keys(metrics).length > 0 ? 'properties' : 'none', on: undefined };
}

/** What is known about the champion: from its record, else from the job that made it, else from its own properties. */
export async function measureChampion(
  client: AzureML,
  { version, recorded }: Champion,
  options: { readonly abortSignal: AbortSignal },
): Promise<Measurement & { readonly evidenceHash?: string }> {
  const found = version
    ? await evidenceOfModel(client, version, options)
    : await evidenceOfUnregistered(client, recorded.jobName, options);
  const { hash } = found;
  const measured = measurementIn(found);
  return {
    ...(measured.origin === 'none' ? measurementOn(version) : measured),
    ...(hash && { evidenceHash: hash }),
  };
}

async function evidenceOfUnregistered(
  client: AzureML,
  jobName: string | undefined,
  options: { readonly abortSignal: AbortSignal },
): Promise<FoundEvidence> {
  const job = jobName === undefined ? undefined : await client.jobs.get(jobName, options);
  const record: EvidenceRecord = EMPTY_RECORD;
  return job ? evidenceOfJob(client, job, options) : { record, origin: 'none' };
}
