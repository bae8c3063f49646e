import type { Finding } from '../evaluation/index.ts';
import type { EvidenceRecord, Judged, SealedRecord } from './record.ts';
import { latest } from './chain.ts';

/** Names under which a model version (as properties) and a job (as tags) point to their evidence. Documented in docs/evidence.md. */
const EVIDENCE_NAMES = {
  hash: 'delivery.evidenceHash',
  address: 'delivery.evidenceAddress',
  verdict: 'delivery.verdict',
  passed: 'delivery.passed',
  metrics: 'delivery.gateMetrics',
  reason: 'delivery.reason',
} as const;

/** Each followed by the name of the metric. */
const GATE_TAGS = { metric: 'delivery.metric.', limit: 'delivery.limit.' } as const;
const MOST_GATES = 10;
const LONGEST_METRIC_NAME = 100;

/** Names and values together stay under this many bytes. */
const LONGEST_PROPERTIES_IN_BYTES = 1024;

const EVIDENCE_FOLDER = 'azureml://datastores/workspaceblobstore/paths/evidence';

/** Where the record with this hash is stored. */
export function evidenceAddress(hash: string): string {
  return `${EVIDENCE_FOLDER}/${hash}.json`;
}

/** What a model version or job says about its evidence. Gate metrics that do not fit are left out, the last ones first. */
export function evidenceProperties({ hash, record }: SealedRecord): Record<string, string> {
  const judged = latest(record, 'judged')?.content;
  const fixed = {
    [EVIDENCE_NAMES.hash]: hash,
    [EVIDENCE_NAMES.address]: evidenceAddress(hash),
    ...(judged && {
      [EVIDENCE_NAMES.verdict]: judged.verdict,
      [EVIDENCE_NAMES.passed]: String(judged.passed),
    }),
  };
  if (judged === undefined) return fixed;
  const room = LONGEST_PROPERTIES_IN_BYTES - bytesOf(fixed) - bytes(EVIDENCE_NAMES.metrics) - 1;
  const metrics = gateMetrics(judged, room);
  return metrics === '{}' ? fixed : { ...fixed, [EVIDENCE_NAMES.metrics]: metrics };
}

/**
 * What the newest judging said, as tags: lists of models can be narrowed by tags, tags can follow a later judging, and
 * gates read them, value and limit of each blocking metric in a tag of its own.
 */
export function verdictTags(record: EvidenceRecord): Record<string, string> {
  const judged = latest(record, 'judged')?.content;
  if (!judged) return {};
  return {
    [EVIDENCE_NAMES.verdict]: judged.verdict,
    [EVIDENCE_NAMES.passed]: String(judged.passed),
    [EVIDENCE_NAMES.reason]: shortened(judged.reason),
    ...Object.fromEntries(gatesIn(judged).flatMap((finding) => gateTags(finding, judged))),
  };
}

function gateTags({ metric, candidate }: Finding, { policy }: Judged): [string, string][] {
  if (typeof candidate !== 'number') return [];
  const { min, max } = policy.rules.metrics.find(({ name }) => name === metric) ?? {};
  const limits = [min !== undefined && `at least ${min}`, max !== undefined && `at most ${max}`].filter(
    Boolean,
  );
  return [
    [`${GATE_TAGS.metric}${metric}`, asDecimal(candidate)],
    ...(limits.length > 0 ? [[`${GATE_TAGS.limit}${metric}`, limits.join(', ')] as [string, string]] : []),
  ];
}

function gatesIn({ findings }: Judged): readonly Finding[] {
  return findings
    .filter(({ blocking, metric }) => blocking && metric.length <= LONGEST_METRIC_NAME)
    .slice(0, MOST_GATES);
}

/** Without an exponent, which the expressions of gates cannot read. */
function asDecimal(value: number): string {
  return value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 });
}

function shortened(text: string): string {
  return text.length <= LONGEST_TAG ? text : `${text.slice(0, LONGEST_TAG - 3)}...`;
}

/** Longer values are cut: a tag is for lists, the record has the whole. */
const LONGEST_TAG = 250;

/** Who let the model go live last, as far as it is known, as tags. */
export function approvalTags(record: EvidenceRecord): Record<string, string> {
  const approver = latest(record, 'deployed')?.content.approver;
  if (!approver?.known) return {};
  const { name, at, comment } = approver;
  const tags = { by: name, at, comment: comment?.replace(/\s+/g, ' ') };
  return Object.fromEntries(
    Object.entries(tags).flatMap(([key, value]) =>
      value ? [[`delivery.approved.${key}`, value.slice(0, LONGEST_TAG)]] : [],
    ),
  );
}

/** The hash a model version or job points to. */
export function evidenceHashIn(properties: Readonly<Record<string, string>>): string | undefined {
  const hash = properties[EVIDENCE_NAMES.hash];
  return hash !== undefined && /^[0-9a-f]{64}$/.test(hash) ? hash : undefined;
}

/** The gate metrics a model version carries: all that is known of one whose record is out of reach, as in a registry. */
export function gateMetricsIn(properties: Readonly<Record<string, string>>): Record<string, number> {
  try {
    const parsed: unknown = JSON.parse(properties[EVIDENCE_NAMES.metrics] ?? '{}');
    const entries = Object.entries(typeof parsed === 'object' && parsed !== null ? parsed : {});
    return Object.fromEntries(
      entries.flatMap(([name, value]: [string, unknown]) =>
        typeof value === 'number' ? [[name, value]] : [],
      ),
    );
  } catch {
    return {};
  }
}

/** Whether the newest judging let the candidate pass; undefined: it was never judged. */
export function hasPassed(record: EvidenceRecord): boolean | undefined {
  return latest(record, 'judged')?.content.passed;
}

function gateMetrics({ findings }: Judged, roomInBytes: number): string {
  const gates = findings.filter(({ blocking }) => blocking);
  for (let count = gates.length; count > 0; count -= 1) {
    const shown = gates.slice(0, count).map(({ metric, candidate }) => [metric, candidate] as const);
    const text = JSON.stringify(Object.fromEntries(shown));
    if (bytes(text) <= roomInBytes) return text;
  }
  return '{}';
}

function bytesOf(properties: Readonly<Record<string, string>>): number {
  return Object.entries(properties).reduce((sum, [name, value]) => sum + bytes(name) + bytes(value), 0);
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
