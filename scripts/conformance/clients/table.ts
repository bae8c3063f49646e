import type { Step, Verdict } from './step.ts';

const WORDS: Readonly<Record<Verdict, string>> = {
  works: 'works',
  refused: 'refused on purpose',
  missing: 'not there',
  untried: 'not tried',
  broken: 'broken',
};
const ORDER = Object.keys(WORDS) as Verdict[];

/** The steps of one client. */
export interface ClientSteps {
  readonly clients: string;
  readonly steps: readonly Step[];
}

/** The page that `--record` keeps. */
export function documentOf(all: readonly ClientSteps[]): string {
  return [
    '# Which clients work with the embedded workspace?',
    '',
    'Unmodified clients, told where the workspace is by the environment variables of `npx azureml-local env` and nothing else.',
    'Written by `npm run conformance:clients -- --record`, never by hand: every operation that is listed was tried in that run,',
    'but for those that are refused `like its group`: of these groups one was tried, and what it needs none of them has.',
    '',
    ...all.flatMap(section),
  ].join('\n');
}

function section({ clients, steps }: ClientSteps): string[] {
  const names = [...new Set(steps.map(({ client }) => client))];
  return names.flatMap((name) => {
    const own = steps.filter(({ client }) => client === name);
    return [
      `## ${name}`,
      '',
      `${clients}. ${countsOf(own)}.`,
      '',
      '| group | operation | what came of it |',
      '| --- | --- | --- |',
      ...groupsOf(own).flatMap(rowsOf),
      '',
    ];
  });
}

/** `10 work, 1 refused on purpose`. */
export function countsOf(steps: readonly Step[]): string {
  return ORDER.flatMap((verdict) => {
    const count = steps.filter((step) => step.verdict === verdict).length;
    return count === 0 ? [] : [`${count} ${verdict === 'works' ? 'work' : WORDS[verdict]}`];
  }).join(', ');
}

function groupsOf(steps: readonly Step[]): Step[][] {
  const groups = new Map<string, Step[]>();
  for (const step of steps) groups.set(step.group, [...(groups.get(step.group) ?? []), step]);
  return [...groups.values()];
}

/** A row for every verdict and reason of a group: its operations side by side. */
function rowsOf(steps: readonly Step[]): string[] {
  const rows = new Map<string, Step[]>();
  const sorted = [...steps].sort((one, other) => ORDER.indexOf(one.verdict) - ORDER.indexOf(other.verdict));
  for (const step of sorted) {
    const key = `${step.verdict} ${step.note}`;
    rows.set(key, [...(rows.get(key) ?? []), step]);
  }
  return [...rows.values()].map((same) => {
    const { group, verdict, note } = same[0]!;
    const what = note === '' ? WORDS[verdict] : `${WORDS[verdict]}: ${note.replaceAll('|', '\\|')}`;
    return `| ${group} | ${same.map(({ operation }) => `\`${operation}\``).join(', ')} | ${what} |`;
  });
}
