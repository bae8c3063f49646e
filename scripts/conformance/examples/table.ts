import type { Example } from './examples.ts';
import type { Outcome } from './runExample.ts';

export interface Result {
  readonly example: Example;
  readonly outcome?: Outcome;
}

/** One row of the table, which is also what the terminal shows. */
export function lineOf({ example, outcome }: Result): string {
  const what = outcome
    ? `${outcome.status}${outcome.reason === undefined ? '' : `: ${oneLine(outcome.reason)}`}`
    : `not run: needs ${example.leftOut}`;
  return `| ${example.name} | ${what} | ${outcome ? outcome.seconds.toFixed(1) : ''} |`;
}

/** The page that a run with `--write` keeps. */
export function documentOf(results: readonly Result[]): string {
  const run = results.filter(({ outcome }) => outcome);
  const completed = run.filter(({ outcome }) => outcome?.status === 'Completed');
  return [
    '# Which published example jobs run here?',
    '',
    'The hello-world jobs that are published with Azure ML, submitted to the embedded workspace as they are. Written by',
    '`npm run conformance:examples -- --write`, never by hand.',
    '',
    `${completed.length} of ${run.length} that need nothing but their own file completed; ${results.length - run.length} need files or data that do not come with them.`,
    '',
    '| job | what came of it | seconds |',
    '| --- | --- | ---: |',
    ...results.map(lineOf),
    '',
  ].join('\n');
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').slice(0, 300);
}
