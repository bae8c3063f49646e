import type { DataComparison } from './data.ts';
import type { Finding, Verdict } from './judgement.ts';
import type { Distance, Policy } from './policy.ts';

const SHOWN_DIGITS = 6;

/** A number for people: at most six significant digits, unless they would hide it. */
export function numberInWords(value: number): string {
  return String(Number(value.toPrecision(SHOWN_DIGITS)));
}

/** A signed percentage for people: `+2.5 %`. */
export function percentInWords(share: number): string {
  const percent = Number((share * 100).toPrecision(3));
  return `${percent > 0 ? '+' : ''}${percent} %`;
}

export function distanceInWords(distance: Distance): string {
  return 'absolute' in distance ? String(distance.absolute) : `${distance.percent} %`;
}

/** Two different numbers never look alike. */
export function pairInWords(one: number, other: number): [string, string] {
  const short: [string, string] = [numberInWords(one), numberInWords(other)];
  return short[0] === short[1] && one !== other ? [String(one), String(other)] : short;
}

/** One sentence on one metric. */
export function findingInWords(finding: Omit<Finding, 'reason'>, comparable: boolean): string {
  if (finding.candidate === undefined) return `The candidate has no usable value of ${finding.metric}.`;
  const parts = [
    comparisonInWords(finding, finding.candidate, comparable),
    limitsInWords(finding, finding.candidate),
  ];
  const said = parts.filter((part) => part !== undefined);
  return said.length > 0
    ? `${said.join('; ')}.`
    : `${finding.metric} is ${numberInWords(finding.candidate)}.`;
}

function comparisonInWords(
  finding: Omit<Finding, 'reason'>,
  candidate: number,
  comparable: boolean,
): string | undefined {
  const { metric, champion, outcome } = finding;
  if (outcome === 'not-compared') return undefined;
  if (champion === undefined)
    return `the champion has no usable value of ${metric}, so nothing can be compared`;
  const moved = movementInWords(finding, candidate, champion);
  if (!comparable) return `${moved}, measured on data that is not known to be the same`;
  switch (outcome) {
    case 'met':
      return metInWords(moved, finding, candidate === champion);
    case 'worse':
      return `${moved}: worse, beyond what is tolerated`;
    case 'undecided':
      return `${moved}: ${finding.gained ? 'better, but' : 'not better, though'} ${finding.asked ?? 'a gain'} was asked`;
  }
}

function movementInWords(
  { metric, relativeChange }: Omit<Finding, 'reason'>,
  candidate: number,
  champion: number,
): string {
  const [ours, theirs] = pairInWords(candidate, champion);
  if (candidate === champion) return `${metric} is ${ours} as before`;
  const relative = relativeChange === undefined ? '' : ` (${percentInWords(relativeChange)})`;
  return `${metric} went from ${theirs} to ${ours}${relative}`;
}

function metInWords(moved: string, { gained, asked }: Omit<Finding, 'reason'>, equal: boolean): string {
  if (equal) return moved;
  return gained ? `${moved}: better` : `${moved}: worse, but tolerated, as ${asked ?? 'a loss'} was asked`;
}

function limitsInWords(
  { metric, limits, min, max }: Omit<Finding, 'reason'>,
  candidate: number,
): string | undefined {
  if (limits === 'none') return undefined;
  const [ours, limit] =
    candidate < (min ?? -Infinity)
      ? pairInWords(candidate, min ?? 0)
      : pairInWords(candidate, max ?? min ?? 0);
  if (limits === 'held') return `${metric} of ${ours} is within ${rangeInWords(min, max)}`;
  return `${metric} of ${ours} breaks its limit of ${candidate < (min ?? -Infinity) ? 'at least' : 'at most'} ${limit}`;
}

function rangeInWords(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  return min !== undefined ? `its limit of at least ${min}` : `its limit of at most ${max}`;
}

interface Answer {
  readonly verdict: Verdict;
  readonly blocking: readonly Finding[];
  readonly policy: Policy;
  readonly data: DataComparison;
}

/** Why the verdict is what it is, naming the metrics that decided. */
export function verdictInWords(answer: Answer): string {
  const broken = namesOf(answer.blocking, ({ limits }) => limits === 'broken');
  const compared = comparedInWords(answer);
  return broken === '' ? `${compared}.` : `The candidate breaks a limit on ${broken}. ${compared}.`;
}

function comparedInWords({ verdict, blocking, policy, data }: Answer): string {
  switch (verdict) {
    case 'better':
      return `Better than the champion on ${namesOf(blocking, ({ gained }) => gained)}, and every change asked for is met`;
    case 'comparable':
      return blocking.some(({ outcome }) => outcome !== 'not-compared')
        ? 'No worse than the policy tolerates, without a real gain'
        : 'The policy compares nothing with the champion';
    case 'worse':
      return `Worse than the champion on ${namesOf(blocking, ({ outcome }) => outcome === 'worse')}, by more than is tolerated`;
    case 'inconclusive':
      return `${inconclusiveInWords(blocking, policy, data)}${policy.whenInconclusive === 'pass' ? ', which the policy lets pass' : ''}`;
    case 'no-champion':
      return `There is no champion to compare with${policy.withoutChampion === 'fail' ? ', which the policy does not let pass' : ''}`;
  }
}

function inconclusiveInWords(blocking: readonly Finding[], policy: Policy, data: DataComparison): string {
  if (policy.sameData !== 'ignored' && data === 'different')
    return 'Candidate and champion were measured on different data';
  if (policy.sameData === 'required' && data === 'unknown') {
    return 'It is not known whether candidate and champion were measured on the same data';
  }
  const missing = namesOf(
    blocking,
    ({ outcome, champion }) => outcome === 'undecided' && champion === undefined,
  );
  const small = namesOf(
    blocking,
    ({ outcome, champion }) => outcome === 'undecided' && champion !== undefined,
  );
  const parts = [
    missing && `The champion has no usable value of ${missing}`,
    small && `${missing ? 'the' : 'The'} gain asked for on ${small} is not reached`,
  ];
  return parts.filter(Boolean).join(', and ');
}

function namesOf(findings: readonly Finding[], which: (finding: Finding) => boolean): string {
  return findings
    .filter(which)
    .map(({ metric }) => metric)
    .join(', ');
}
