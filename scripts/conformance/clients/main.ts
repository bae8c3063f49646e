import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { clientEnvironment } from '../../../local/cli/environment.ts';
import { withSignIn } from '../../../local/cli/signIn.ts';
import { trustingEnvironment } from '../../../local/cli/trust.ts';
import { startWorkspace, type WorkspaceAddress } from '../../../local/workspace/index.ts';
import { LIVES, type Life } from './lives.ts';
import { live } from './run.ts';
import type { Step } from './step.ts';
import { countsOf, documentOf, type ClientSteps } from './table.ts';

const PAGE = 'docs/clients.md';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { record: { type: 'boolean' }, keep: { type: 'boolean' } },
});
const chosen = LIVES.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
if (chosen.length === 0 || positionals.some((name) => !LIVES.some((life) => life.name === name))) {
  process.stderr.write(`There are the lives ${LIVES.map(({ name }) => name).join(', ')}.\n`);
  process.exit(2);
}
if (values.record && chosen.length < LIVES.length) {
  process.stderr.write('--record keeps the whole table: leave the names out.\n');
  process.exit(2);
}

const started = performance.now();
const folder = await mkdtemp(path.join(os.tmpdir(), 'clients-'));
const all: ClientSteps[] = [];
for (const life of chosen) all.push({ clients: life.clients, steps: await liveIn(life) });
const steps = all.flatMap((one) => one.steps);
process.stdout.write(`\n${countsOf(steps)} in ${Math.round((performance.now() - started) / 1000)} s\n`);
const broken = steps.filter(({ verdict }) => verdict === 'broken');
process.exitCode = broken.length > 0 ? 1 : 0;
if (broken.length > 0 || values.keep)
  process.stdout.write(`What the clients printed is kept in ${folder}.\n`);
else await rm(folder, { recursive: true, force: true, maxRetries: 5 });
if (chosen.length === LIVES.length) await compareOrRecord();

/** Each client gets a workspace of its own, so that none sees what another left. */
async function liveIn(life: Life): Promise<readonly Step[]> {
  process.stdout.write(`\n${life.clients}\n`);
  const place = path.join(folder, life.name);
  const workspace = await startWorkspace({ dataFolder: path.join(place, 'workspace') });
  try {
    const environment = await environmentFor(life, workspace.address);
    await workspace.storageReady;
    return await live(life, { folder: path.join(place, 'client'), environment, onStep: print });
  } finally {
    await workspace.stop();
  }
}

/** What `azureml-local env` prints, and beside it only what a process needs from its machine. */
async function environmentFor(life: Life, address: WorkspaceAddress): Promise<NodeJS.ProcessEnv> {
  const { REQUESTS_CA_BUNDLE = address.caFile } = await trustingEnvironment(address.caFile, process.env);
  const token = life.isPlainMlflow ? await withSignIn(address, ({ token: found }) => found) : undefined;
  const settings = clientEnvironment(address, {
    caBundle: REQUESTS_CA_BUNDLE,
    ...(token === undefined ? {} : { plainMlflowToken: token }),
  });
  const machine = [
    'PATH',
    'HOME',
    'USERPROFILE',
    'SYSTEMROOT',
    'APPDATA',
    'LOCALAPPDATA',
    'TEMP',
    'TMPDIR',
    'LANG',
  ];
  return {
    ...Object.fromEntries(machine.map((name) => [name, process.env[name]])),
    ...settings,
    // For the credential that takes them as arguments.
    LIFE_TENANT: address.tenantId,
    LIFE_CLIENT: address.clientId,
    LIFE_SECRET: address.clientSecret,
  };
}

function print({ group, operation, verdict, note, seconds }: Step): void {
  const time = seconds >= 1 ? ` (${seconds} s)` : '';
  process.stdout.write(
    `  ${verdict.padEnd(8)} ${group}.${operation}${time}${note && verdict !== 'works' ? `: ${note}` : ''}\n`,
  );
}

/** The page says what this run found, or the run fails: a table that is out of date says nothing. */
async function compareOrRecord(): Promise<void> {
  const options = { ...(await resolveConfig(PAGE)), parser: 'markdown' };
  const page = await format(documentOf(all), options);
  if (values.record) return writeFile(PAGE, page);
  const recorded = await readFile(PAGE, 'utf8').catch(() => '');
  if (recorded === page) return;
  process.stdout.write(
    `${PAGE} says something else. Record what is true now: npm run conformance:clients -- --record\n`,
  );
  process.exitCode = 1;
}
