import { Problem, throwIfAny, type ProblemPlace } from '../problem/index.ts';
import type { DataComparison } from './data.ts';
import { findingFor, measured } from './find.ts';
import type { Finding, Judgement, Metrics, Verdict } from './judgement.ts';
import type { Policy } from './policy.ts';
import { verdictInWords } from './sentences.ts';
import { suggestion } from './suggest.ts';

export interface Case {
  readonly policy: Policy;
  readonly candidate: Metrics;
  /** Undefined: nothing is in use. A champion whose metrics are not known is an empty record. */
  readonly champion?: Metrics;
  /** Whether both were measured on the same data. */
  readonly data: DataComparison;
  /** Where a metric is written in the policy, for complaints. */
  readonly placeOf?: (metric: string) => ProblemPlace | undefined;
}

/**
 * Judges a candidate by a policy. A blocking metric the candidate does not have, or that is not a finite number, is a
 * Problem that names it; everything else is a verdict.
 */
export function judge({ policy, candidate, champion, data, placeOf }: Case): Judgement {
  throwIfAny(missingMetrics(policy, candidate, placeOf));
  const comparable = mayCompare(policy, data);
  const findings = policy.metrics.map((rule) => findingFor(rule, { candidate, champion, comparable }));
  const blocking = findings.filter((finding) => finding.blocking);
  const verdict = champion === undefined ? 'no-champion' : compared(blocking);
  const passed = blocking.every((finding) => finding.limits !== 'broken') && allows(policy, verdict);
  return {
    verdict,
    passed,
    reason: verdictInWords({ verdict, blocking, policy, data }),
    data,
    findings,
  };
}

function mayCompare(policy: Policy, data: DataComparison): boolean {
  switch (policy.sameData) {
    case 'ignored':
      return true;
    case 'checked':
      return data !== 'different';
    case 'required':
      return data === 'same';
  }
}

function compared(blocking: readonly Finding[]): Verdict {
  if (blocking.some(({ outcome }) => outcome === 'worse')) return 'worse';
  if (blocking.some(({ outcome }) => outcome === 'undecided')) return 'inconclusive';
  return blocking.some(({ gained }) => gained) ? 'better' : 'comparable';
}

function allows(policy: Policy, verdict: Verdict): boolean {
  switch (verdict) {
    case 'better':
    case 'comparable':
      return true;
    case 'worse':
      return false;
    case 'inconclusive':
      return policy.whenInconclusive === 'pass';
    case 'no-champion':
      return policy.withoutChampion === 'pass';
  }
}

function missingMetrics(policy: Policy, candidate: Metrics, placeOf: Case['placeOf']): Problem[] {
  return policy.metrics
    .filter((rule) => rule.blocking && measured(candidate, rule.name) === undefined)
    .map(({ name }) => {
      const place = placeOf?.(name);
      const found = Object.hasOwn(candidate, name) ? candidate[name] : undefined;
      const words = found === undefined ? notLogged(name, Object.keys(candidate)) : notANumber(name, found);
      return new Problem({ code: 'metric', ...words, ...(place && { place }) });
    });
}

function notLogged(name: string, logged: readonly string[]): { message: string; next: string } {
  return {
    message: `The candidate has no metric '${name}', which the policy needs.`,
    next:
      logged.length === 0
        ? 'The candidate has no metrics at all: log them in the training code, for example with mlflow.log_metric.'
        : `Log it in the training code, or correct its name in the policy. ${suggestion(name, logged)}`,
  };
}

function notANumber(name: string, value: number): { message: string; next: string } {
  return {
    message: `The candidate's metric '${name}' is ${String(value)}, which cannot be judged.`,
    next: 'Look into the training: the metric must be a finite number.',
  };
}
