import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { request } from 'undici';
import { withSignIn } from '../../../local/cli/signIn.ts';
import type { RunRecord } from '../../../local/runner/index.ts';
import type { WorkspaceAddress } from '../../../local/workspace/address.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const cli = path.join(root, 'bin', 'azureml-local.mjs');
const pipeline = path.join(root, 'samples', 'diabetes', 'azure-pipelines.yml');
/** The first job on a machine builds the Python environment. */
const WHOLE_RUN_IN_MS = 15 * 60_000;

interface Ended {
  readonly exitCode: number | null;
  readonly text: string;
}

function azuremlLocal(args: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, text: Buffer.concat(chunks).toString() }));
  });
}

describe('The sample, from training code to a live endpoint', function () {
  this.timeout(WHOLE_RUN_IN_MS);
  let home: string;
  const runSample = (...args: string[]): Promise<Ended> =>
    azuremlLocal(['run', pipeline, '--home', home, ...args]);
  const record = async (id: number): Promise<RunRecord> =>
    JSON.parse(await readFile(path.join(home, 'runs', String(id), 'run.json'), 'utf8')) as RunRecord;
  const results = async (id: number): Promise<Record<string, string | undefined>> =>
    Object.fromEntries((await record(id)).stages.map(({ name, result, state }) => [name, result ?? state]));
  const outputs = async (id: number, stage: string): Promise<Record<string, string>> => {
    const found = (await record(id)).stages.find(({ name }) => name === stage);
    const steps = found?.jobs.flatMap((job) => job.steps) ?? [];
    return Object.fromEntries(steps.flatMap((step) => step.outputs.map(({ name, value }) => [name, value])));
  };

  before(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'sample-'));
  });
  after(async () => {
    await azuremlLocal(['stop', '--home', home]);
    await rm(home, { recursive: true, force: true });
  });

  it('stops at the approval when nobody can answer, says how to go on, and goes on from there', async () => {
    const stopped = await runSample();
    assert.equal(stopped.exitCode, 0, stopped.text);
    assert.deepEqual(
      await results(1),
      {
        Check: 'succeeded',
        Train: 'succeeded',
        Evaluate: 'succeeded',
        Register: 'succeeded',
        Plan: 'succeeded',
        DeployStaging: 'succeeded',
        DeployProduction: 'waiting',
        TestProduction: 'pending',
      },
      stopped.text,
    );
    assert.equal((await record(1)).state, 'waiting');
    assert.match(stopped.text, /npx azureml-local continue \S+ --approve/);
    assert.match(stopped.text, /Verdict: no-champion, passed/);

    const done = await azuremlLocal([
      'continue',
      path.join(home, 'runs', '1'),
      '--home',
      home,
      '--approve',
      '--comment',
      'looks right',
    ]);
    assert.equal(done.exitCode, 0, done.text);
    assert.equal((await results(1))['TestProduction'], 'succeeded', done.text);
    assert.match(done.text, /Live now:/);
    const approval = (await record(1)).stages.flatMap(({ approvals }) => approvals)[0];
    assert.equal(approval?.status, 'approved');
    assert.equal(approval.comment, 'looks right');
  });

  it('meets the first model as champion in the second run, and moves the traffic to the other colour', async () => {
    const second = await runSample('--approve');
    assert.equal(second.exitCode, 0, second.text);
    const judged = await outputs(2, 'Evaluate');
    assert.equal(judged['championModel'], 'diabetes');
    assert.equal(judged['championVersion'], '1');
    assert.equal(judged['passed'], 'true');
    const deployed = await outputs(2, 'DeployProduction');
    assert.deepEqual(JSON.parse(deployed['traffic'] ?? ''), { [deployed['deploymentName'] ?? '']: 100 });
    assert.notEqual(deployed['deploymentName'], deployed['previousDeployment']);
  });

  it('ends green without registering anything when the candidate is worse', async () => {
    const worse = await runSample('--approve', '--parameter', 'alpha=1000');
    assert.equal(worse.exitCode, 0, worse.text);
    const judged = await outputs(3, 'Evaluate');
    assert.equal(judged['verdict'], 'worse');
    assert.equal(judged['passed'], 'false');
    const after = await results(3);
    for (const stage of ['Register', 'Plan', 'DeployStaging', 'DeployProduction', 'TestProduction']) {
      assert.equal(after[stage], 'skipped');
    }
  });

  it('keeps a record other programs can read: by its schema, with a log for every step and no secret', async () => {
    const schema: unknown = JSON.parse(
      await readFile(path.join(root, 'docs/schemas/run.schema.json'), 'utf8'),
    );
    const ajv = new Ajv.default({ allErrors: true });
    addFormats.default(ajv);
    const validate = ajv.compile(schema as object);
    const run = await record(2);
    assert(validate(run), JSON.stringify(validate.errors));
    const folder = path.join(home, 'runs', '2');
    const steps = run.stages.flatMap(({ jobs }) => jobs).flatMap((job) => job.steps);
    for (const step of steps.filter(({ kind }) => kind !== 'checkout'))
      assert(step.log && existsSync(path.join(folder, step.log)), step.displayName);
    const attachments = steps.flatMap((step) => step.attachments);
    assert(attachments.some(({ type }) => type === 'azureml-evidence'));
    for (const { file } of attachments) assert(existsSync(path.join(folder, file)), file);
    await assertNoSecrets(folder);
  });

  it('rolls the registered model out as a classic release, too: planned, staged, approved, and exactly that deployed', async () => {
    const file = path.join(root, 'samples', 'diabetes', 'release.json');
    const stopped = await azuremlLocal(['run', file, '--home', home]);
    assert.equal(stopped.exitCode, 0, stopped.text);
    assert.deepEqual(
      await results(4),
      { Plan: 'succeeded', Staging: 'succeeded', Production: 'waiting' },
      stopped.text,
    );
    const folder = path.join(home, 'runs', '4');
    const done = await azuremlLocal(['continue', folder, '--home', home, '--approve', '--comment', 'go']);
    assert.equal(done.exitCode, 0, done.text);
    assert.equal((await results(4))['Production'], 'succeeded', done.text);
    const [model] = (await record(4)).release?.artifacts ?? [];
    assert.equal(model?.version, (await outputs(2, 'Register'))['modelVersion']);
    const planned = await outputs(4, 'Plan');
    assert.equal((await outputs(4, 'Production'))['planHash'], planned['planHash']);
    const variables = new Map((await record(4)).variables.map(({ name, value }) => [name, value]));
    assert.equal(variables.get('AzureML.PlanHash'), planned['planHash']);
    assert.equal((await outputs(4, 'Staging'))['verified'], 'true');
    await assertNoSecrets(folder);
    const page = await pageOf(4, 'Plan');
    assert.match(page, /^\*\*Nothing to do: 'blue|^\*\*Nothing to do: 'green/);
    for (const part of [/\*\*Verdict: /, /\| Metric \|/, /## Plan\n/, /## Evidence\n/])
      assert.match(page, part);
    await assertApproved(4, 'go', await outputs(2, 'Register'));
  });

  it('knows who approved a stage, when and why: in the evidence, on the page, and on the model version', async () => {
    const page = await pageOf(1, 'DeployProduction');
    const by = (await record(1)).requestedFor.displayName;
    assert.match(page, new RegExp(`- Approved by ${by.replace(/\W/g, '.')} at `));
    const known = (await deployments(1, 'DeployProduction')).map(({ approver }) => approver);
    assert.deepEqual(
      known.map((one) => [one.known, one.name]),
      [
        [false, undefined],
        [true, by],
      ],
      'staging asks nobody, production does',
    );
  });

  type Deployed = { approver: { known: boolean; name?: string; at?: string; comment?: string } };
  const filesOf = async (id: number, stage: string, type: string): Promise<string[]> => {
    const steps = (await record(id)).stages
      .find(({ name }) => name === stage)
      ?.jobs.flatMap((job) => job.steps);
    const files = (steps ?? []).flatMap(({ attachments }) => attachments.filter((one) => one.type === type));
    return Promise.all(files.map(({ file }) => readFile(path.join(home, 'runs', String(id), file), 'utf8')));
  };
  const pageOf = async (id: number, stage: string): Promise<string> =>
    (await filesOf(id, stage, 'Distributedtask.Core.Summary')).at(-1) ?? 'no page';
  const deployments = async (id: number, stage: string): Promise<Deployed[]> => {
    const evidence = JSON.parse((await filesOf(id, stage, 'azureml-evidence')).at(-1) ?? '{}') as {
      links: { kind: string; content: Deployed }[];
    };
    return evidence.links.filter(({ kind }) => kind === 'deployed').map(({ content }) => content);
  };

  /** The last deployment in the evidence tells of the approval, and the model version's tags say the same. */
  async function assertApproved(id: number, comment: string, model: Record<string, string>): Promise<void> {
    const last = (await deployments(id, 'Production')).at(-1)?.approver;
    assert.equal(last?.comment, comment);
    const file = path.join(home, 'workspace', 'address.json');
    const address = JSON.parse(await readFile(file, 'utf8')) as WorkspaceAddress;
    const tags = await withSignIn(address, async ({ token, dispatcher }) => {
      const url = `${address.apiUrl}${model['modelId']}?api-version=2025-12-01`;
      const answer = await request(url, { headers: { authorization: `Bearer ${token}` }, dispatcher });
      return ((await answer.body.json()) as { properties: { tags: Record<string, string> } }).properties.tags;
    });
    assert.deepEqual(
      [tags['delivery.approved.by'], tags['delivery.approved.at'], tags['delivery.approved.comment']],
      [last?.name, last?.at, comment],
    );
  }

  async function assertNoSecrets(folder: string): Promise<void> {
    const address = JSON.parse(await readFile(path.join(home, 'workspace', 'address.json'), 'utf8')) as {
      clientSecret: string;
    };
    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    );
    for (const entry of files) {
      const text = await readFile(path.join(entry.parentPath, entry.name), 'latin1');
      assert(!text.includes(address.clientSecret), `${entry.name} holds the client secret`);
      assert(!/[?&]sig=[A-Za-z0-9%]{20}/.test(text), `${entry.name} holds a SAS signature`);
      assert(!/\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\./.test(text), `${entry.name} holds a token`);
    }
  }
});
