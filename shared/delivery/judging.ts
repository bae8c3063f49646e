import { compareData, judge, type Judgement, type ReadPolicy } from '../evaluation/index.ts';
import { hashOf, type Judged } from '../evidence/index.ts';
import type { Lineage } from '../pipelines/index.ts';
import { candidateReference, type Candidate } from './candidate.ts';
import type { Champion } from './champion.ts';
import type { Measurement } from './measure.ts';

/** Both sides as they were measured. */
export interface Measured {
  readonly candidate: Measurement;
  /** undefined: there is no champion. */
  readonly champion: (Measurement & { readonly evidenceHash?: string }) | undefined;
  /** The one job that measured both, if there was one. */
  readonly evaluationJob?: { readonly name: string; readonly url?: string };
}

export interface Judging {
  readonly read: ReadPolicy;
  /** The policy's file as the user named it; undefined for one given inline. */
  readonly policyFile: string | undefined;
  readonly candidate: Candidate;
  readonly champion: Champion | undefined;
  readonly measured: Measured;
  readonly lineage: Lineage;
}

/** Judges by the policy and writes down everything the answer rests on. */
export async function judgeCandidate(judging: Judging): Promise<Judged> {
  const { read, measured, candidate, champion } = judging;
  const judgement = judgementOn(read, measured);
  const rows = rowsOf(read, measured);
  const evidenceHash = measured.champion?.evidenceHash;
  return {
    candidate: candidateReference(candidate),
    policy: {
      ...(judging.policyFile && { file: judging.policyFile }),
      sha256: await hashOf(read.policy),
      rules: read.policy,
    },
    champion: champion ? { ...champion.recorded, ...(evidenceHash && { evidenceHash }) } : null,
    ...(Object.keys(rows).length > 0 && { rows }),
    metricsFrom: { candidate: measured.candidate.origin, champion: measured.champion?.origin ?? 'none' },
    ...(measured.evaluationJob && { evaluationJob: measured.evaluationJob }),
    ...judgement,
    build: buildOf(judging.lineage),
  };
}

function judgementOn({ policy, placeOf }: ReadPolicy, measured: Measured): Judgement {
  const { candidate, champion } = measured;
  const rows = rowsOf({ policy, placeOf }, measured);
  const data = compareData(
    candidate.on && { ...candidate.on, ...(rows.candidate !== undefined && { rows: rows.candidate }) },
    champion?.on && { ...champion.on, ...(rows.champion !== undefined && { rows: rows.champion }) },
    measured.evaluationJob ? [] : policy.dataInputs,
  );
  return judge({
    policy,
    placeOf,
    data,
    candidate: candidate.metrics,
    ...(champion && { champion: champion.metrics }),
  });
}

function rowsOf({ policy }: ReadPolicy, measured: Measured): { candidate?: number; champion?: number } {
  const { rowsMetric } = policy;
  if (rowsMetric === undefined) return {};
  const of = (measurement: Measurement | undefined): number | undefined => {
    const rows = measurement?.metrics[rowsMetric];
    return rows !== undefined && Number.isFinite(rows) ? rows : undefined;
  };
  const [candidate, champion] = [of(measured.candidate), of(measured.champion)];
  return { ...(candidate !== undefined && { candidate }), ...(champion !== undefined && { champion }) };
}

function buildOf({
  pipeline,
  runId,
  runName,
  runUrl,
  reason,
  requestedFor,
}: Lineage): NonNullable<Judged['build']> {
  return Object.fromEntries(
    Object.entries({ pipeline, runId, runName, runUrl, reason, requestedFor }).filter(([, value]) => value),
  );
}
