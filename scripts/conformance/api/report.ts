import type { Outcome } from './exchange.ts';
import type { Operation } from './operations.ts';
import type { Generated } from './generated.ts';

/** Codes that are known from the service itself; every other code of a refusal is ours. */
const CONFIRMED: readonly string[] = [];

const STATES = ['implemented', 'disagrees', 'only answered', 'refused on purpose', 'missing'] as const;

interface Report {
  readonly version: string;
  readonly seed: number;
  readonly outcomes: readonly Outcome[];
  readonly operations: readonly Operation[];
  readonly generated: readonly Generated[];
}

/** The page of coverage, whole. */
export function pageOf(report: Report): string {
  const { version, seed, outcomes, operations, generated } = report;
  const count = (state: Operation['state']): number => operations.filter((one) => one.state === state).length;
  return `# Which operations of Azure ML does the embedded workspace have?

Written by \`npm run conformance:api -- --write\`, for api-version ${version}; never by hand. Of ${operations.length} operations
${count('implemented')} are implemented, ${count('refused on purpose')} are refused on purpose, ${count('missing')} are missing, ${count('only answered')} were only seen to answer, and
${count('disagrees')} disagree with what is published.

## Operations

An operation counts as implemented when it was carried out on an item made for that: it was accepted, came to its end, had its effect, and
answered as the published types say. A list must hold the item, on whichever page; what is deleted must be gone, and deleting it again must
do no harm.

${table(['resource', ...STATES], rowsOf(operations))}
${reasonsOf(operations)}
## Bodies and answers

Bodies are generated from the published request schemas (seed ${seed}): good ones of every kind, whole, bare and in part, and bad ones that
differ from a good one in one member that is missing, of another type, empty, or not one of its words. Every answer to a good one is
compared with the published types: what is required is there, nothing is unknown, what only the service writes is filled.
A code that is known from the service is marked *confirmed*; the others are ours.

${table(
  [
    'resource',
    'good bodies taken',
    'bad bodies refused',
    'answers checked',
    'codes of refusals',
    'disagreements',
  ],
  outcomes.map((one) => [
    `\`${one.resource}\``,
    String(one.accepted),
    String(one.refused),
    String(one.answers),
    one.codes.map((code) => `${code} (${CONFIRMED.includes(code) ? 'confirmed' : 'unconfirmed'})`).join(', '),
    String(one.findings.length),
  ]),
)}
## Where the workspace asks for more than the schema

${generated
  .filter(({ needs, refused }) => needs || refused)
  .map(({ resource, needs = [], refused = {} }) => {
    const kinds = Object.entries(refused).map(([kind, why]) => `\`${kind}\` is refused: ${why}`);
    const needed = needs.length > 0 ? [`needs ${needs.map(({ source }) => `\`${source}\``).join(', ')}`] : [];
    return `- \`${resource}\`: ${[...needed, ...kinds].join('; ')}.`;
  })
  .join('\n')}

Words of an enumeration are compared without case, as the service does; null counts as absent; members that nobody knows are kept or left
out, never refused. The published schemas write every number as a whole one; fractions are taken.
`;
}

function rowsOf(operations: readonly Operation[]): readonly (readonly string[])[] {
  const resources = [...new Set(operations.map(({ resource }) => resource))];
  return resources.map((resource) => {
    const names = (state: Operation['state']): string =>
      operations
        .filter((one) => one.resource === resource && one.state === state)
        .map(({ name }) => name)
        .join(', ');
    return [`\`${resource}\``, ...STATES.map(names)];
  });
}

function reasonsOf(operations: readonly Operation[]): string {
  const refused = operations.filter(({ state }) => state === 'refused on purpose');
  if (refused.length === 0) return '';
  const lines = refused.map(({ resource, name, reason = '' }) => `- \`${resource}\`, ${name}: ${reason}`);
  return `\nRefused on purpose, in the workspace's own words:\n\n${lines.join('\n')}\n`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''].join('\n');
}
