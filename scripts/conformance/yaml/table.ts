import { firstLine, JUDGEMENTS, type Verdict } from './verdict.ts';

/** Share of files that must come out the same, or be refused by both for the same cause. */
export const WANTED_SHARE = 0.97;
const WIDTH = 34;

/** The counts by kind, and the share that agrees. */
export function tableOf(verdicts: readonly Verdict[]): string {
  const kinds = [...new Set(verdicts.map(({ example }) => example.kind))].sort();
  const row = (name: string, some: readonly Verdict[]): string => {
    const counts = JUDGEMENTS.map((judgement) => some.filter((one) => one.judgement === judgement).length);
    return [
      name.padEnd(WIDTH),
      ...counts.map((count, index) => String(count).padStart(columnOf(index))),
    ].join('');
  };
  const head = [
    'kind'.padEnd(WIDTH),
    ...JUDGEMENTS.map((word, index) => word.padStart(columnOf(index))),
  ].join('');
  const rows = kinds.map((kind) =>
    row(
      kind,
      verdicts.filter(({ example }) => example.kind === kind),
    ),
  );
  return [head, ...rows, row('all', verdicts), '', summaryOf(verdicts)].join('\n');
}

function columnOf(index: number): number {
  return (JUDGEMENTS[index]?.length ?? 0) + 3;
}

export function agreeingShare(verdicts: readonly Verdict[]): number {
  const agreeing = verdicts.filter(({ judgement }) => judgement === 'same' || judgement === 'both refuse');
  return verdicts.length === 0 ? 1 : agreeing.length / verdicts.length;
}

function summaryOf(verdicts: readonly Verdict[]): string {
  const invalid = verdicts.filter(({ schemaProblems }) => schemaProblems.length > 0).length;
  const share = (agreeingShare(verdicts) * 100).toFixed(1);
  return `${share} % of ${verdicts.length} documents agree (wanted: ${WANTED_SHARE * 100} %); ${invalid} bodies do not fit the published schema.`;
}

/** What is to say about one file beyond its count; nothing where both send the same. */
export function detailOf({ example, judgement, differences, reasons, schemaProblems }: Verdict): string[] {
  const schema = schemaProblems.map((problem) => `    schema: ${problem}`);
  if (judgement === 'same' && schema.length === 0) return [];
  const why = Object.entries(reasons).map(([side, reason]) => `    ${side}: ${firstLine(reason)}`);
  const paths = differences.map(
    ({ path, reference, ours }) => `    ${path}: reference ${short(reference)}, ours ${short(ours)}`,
  );
  return [`${judgement}: ${example.name} (${example.kind})`, ...why, ...paths, ...schema];
}

function short(value: unknown): string {
  return firstLine(JSON.stringify(value) ?? 'nothing');
}
