import { numberInWords, pairInWords, percentInWords, type Finding } from '../../evaluation/index.ts';
import type { Judged, RecordedChampion } from '../record.ts';
import { code, heading, paragraph, strong, type Block, type Piece } from './block.ts';

/** The answer and the reason, the numbers, what got worse, and what it was measured on. */
export function judgementBlocks(judged: Judged): Block[] {
  return [
    paragraph(
      strong(`Verdict: ${judged.verdict}, ${judged.passed ? 'passed' : 'not passed'}.`),
      ` ${judged.reason}`,
    ),
    ...worseBlocks(judged.findings),
    heading('Metrics'),
    {
      kind: 'table',
      header: ['Metric', 'Candidate', 'Champion', 'Change', 'Asked', 'Result'],
      rows: judged.findings.map(findingRow),
    },
    heading('Compared with'),
    paragraph(...championPieces(judged.champion)),
    paragraph(dataSentence(judged)),
  ];
}

/** The metrics on which the candidate lost, whatever the policy makes of it, and the limits it breaks. */
function worseBlocks(findings: readonly Finding[]): Block[] {
  const broken = findings.filter(({ limits }) => limits === 'broken');
  const lost = findings.filter((finding) => isLoss(finding) && !broken.includes(finding));
  const compared = findings.some(({ candidate, champion, direction }) =>
    [candidate, champion, direction].every((part) => part !== undefined),
  );
  if (broken.length + lost.length === 0) {
    return compared ? [paragraph('No metric of the policy got worse.')] : [];
  }
  return [
    heading('What got worse'),
    { kind: 'list', items: [...broken, ...lost].map(({ reason }) => [reason]) },
  ];
}

function isLoss({ direction, change }: Finding): boolean {
  if (direction === undefined || change === undefined) return false;
  return direction === 'higher' ? change < 0 : change > 0;
}

function findingRow(finding: Finding): Piece[] {
  const { candidate, champion, change, relativeChange } = finding;
  const [ours, theirs] =
    candidate !== undefined && champion !== undefined
      ? pairInWords(candidate, champion)
      : [maybe(candidate), maybe(champion)];
  const relative = relativeChange === undefined ? '' : ` (${percentInWords(relativeChange)})`;
  const signed = change === undefined ? 'n/a' : `${change > 0 ? '+' : ''}${numberInWords(change)}${relative}`;
  return [finding.metric, ours, theirs, signed, askedInWords(finding), resultInWords(finding)];
}

function maybe(value: number | undefined): string {
  return value === undefined ? 'n/a' : numberInWords(value);
}

function askedInWords({ asked, min, max }: Finding): string {
  const limits = [min !== undefined && `at least ${min}`, max !== undefined && `at most ${max}`];
  return [asked, ...limits].filter(Boolean).join('; ') || 'nothing';
}

function resultInWords({ blocking, limits, outcome, gained, champion }: Finding): string {
  const words = limits === 'broken' ? 'limit broken' : comparedWords();
  return blocking ? words : `${words} (report only)`;

  function comparedWords(): string {
    switch (outcome) {
      case 'met':
        return gained ? 'met, better' : 'met';
      case 'worse':
        return 'worse';
      case 'undecided':
        return champion === undefined ? 'champion unknown' : 'undecided';
      case 'not-compared':
        return limits === 'held' ? 'limit held' : 'not compared';
    }
  }
}

function championPieces(champion: RecordedChampion | null): Piece[] {
  if (champion === null) return ['There is no champion.'];
  const { endpointName, deploymentName, traffic, jobName } = champion;
  const place =
    endpointName === undefined
      ? ''
      : `, deployment ${deploymentName ?? '?'} of endpoint ${endpointName}${traffic === undefined ? '' : ` with ${traffic} % of the traffic`}`;
  return [
    'The champion is ',
    strong(modelInWords(champion.model)),
    `${place}${jobName === undefined ? '' : `, trained by job ${jobName}`}.`,
  ];
}

/** `diabetes:4`, with its registry where it has one; the id of a model that was never registered. */
export function modelInWords(model: RecordedChampion['model']): string {
  if (model.name === undefined || model.version === undefined) return model.id;
  return `${model.name}:${model.version}${model.registry === undefined ? '' : ` of registry ${model.registry}`}`;
}

function dataSentence({ data, rows, champion, evaluationJob, policy }: Judged): string {
  const counted =
    rows?.candidate === undefined
      ? ''
      : `Rows: ${rows.candidate} for the candidate${rows.champion === undefined ? '' : `, ${rows.champion} for the champion`}.`;
  const measured = evaluationJob
    ? `Both were measured by the evaluation job ${evaluationJob.name}.`
    : champion === null
      ? ''
      : DATA_WORDS[data];
  const under = `Judged by the policy ${policy.rules.name ?? policy.file ?? 'given inline'}.`;
  return [measured, counted, under].filter((sentence) => sentence.trim() !== '').join(' ');
}

const DATA_WORDS: Readonly<Record<Judged['data'], string>> = {
  same: 'Both were measured on the same data.',
  different: 'The two were measured on different data.',
  unknown: 'It is not known whether both were measured on the same data.',
};

/** The hash of a policy, for the list of references. */
export function policyReference({ policy }: Judged): Piece[] {
  return ['Policy: ', code(policy.file ?? 'inline'), ', SHA-256 ', code(policy.sha256)];
}
