import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { exchange, type Outcome } from './exchange.ts';
import { fullNameOf } from './generated.ts';
import { operations, type Operation } from './operations.ts';
import { pageOf } from './report.ts';
import { generated } from './resources.ts';
import { requestSchemas } from './schema.ts';
import { prepareGround } from './workspace.ts';

const VERSION = '2025-12-01';
const PAGE = 'docs/conformance-api.md';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: '1' }, write: { type: 'boolean' } },
});
const seed = Number(values.seed);
const schemaOf = requestSchemas(VERSION);
const ground = await prepareGround();
const found = await operations(ground, VERSION);
for (const { resource, name, state, reason } of found)
  if (state === 'disagrees') process.stdout.write(`${resource}, ${name}: ${reason}\n`);
const outcomes: Outcome[] = [];
for (const target of generated) {
  if (positionals.length > 0 && !positionals.includes(target.resource)) continue;
  const members = schemaOf(fullNameOf(target).replaceAll('/', '_'));
  const outcome = await exchange(ground, target, members, { version: VERSION, seed });
  outcomes.push(outcome);
  const { resource, accepted, refused, answers, findings } = outcome;
  process.stdout.write(
    `${resource}: ${accepted} good bodies taken, ${refused} bad ones refused, ${answers} answers checked\n`,
  );
  for (const what of new Set(findings.map((finding) => finding.what))) process.stdout.write(`  ${what}\n`);
}
await ground.stop();
const count = (state: Operation['state']): number => found.filter((one) => one.state === state).length;
process.stdout.write(
  `Of ${found.length} published operations ${count('implemented')} do what they are for, ` +
    `${count('disagrees')} do not, ${count('only answered')} were not tried.\n`,
);
if (values.write) {
  const page = pageOf({ version: VERSION, seed, outcomes, operations: found, generated });
  const options = await resolveConfig(PAGE);
  await writeFile(PAGE, await format(page, { ...options, filepath: PAGE }));
}
const disagreements = outcomes.reduce((sum, { findings }) => sum + findings.length, count('disagrees'));
process.stdout.write(`${disagreements} disagreements with the published API.\n`);
process.exit(disagreements === 0 ? 0 : 1);
