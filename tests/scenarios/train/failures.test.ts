import assert from 'node:assert/strict';
import { mkdir, symlink, truncate } from 'node:fs/promises';
import { startFaultGate, type Fault, type FaultGate, type Seen } from '../../helpers/faultGate.ts';
import type { TaskRun } from '../../helpers/taskProcess.ts';
import { JOB, startTrainKit, type TrainKit } from './kit.ts';

const WITHOUT_CODE = JOB.replace('code: src\n', '').replace('python3 train.py', 'echo done');

describe('TrainModel, when something is wrong', () => {
  let kit: TrainKit;
  let gate: FaultGate;
  let jobFile: string;
  before(async () => {
    kit = await startTrainKit();
    gate = await startFaultGate(kit.workspace);
    jobFile = await kit.write('simple.yml', WITHOUT_CODE);
  });
  after(async () => {
    await gate.stop();
    await kit.stop();
  });

  /** Fails with these words, and without a second job, a stack or half a report. */
  const fails = async (
    inputs: Readonly<Record<string, string>>,
    ...words: readonly RegExp[]
  ): Promise<TaskRun> => {
    const before = await kit.jobNames();
    const done = await kit.run({ waitForCompletion: 'false', ...inputs });
    assert.equal(done.result, 'Failed', done.log);
    for (const word of words) assert.match(done.message, word);
    assert.doesNotMatch(done.message, /^\s+at /m);
    assert.deepEqual(await kit.jobNames(), before);
    return done;
  };
  const file = (name: string, text: string): Promise<string> => kit.write(name, text);

  describe('with its inputs', () => {
    it('tells all that is wrong at once', () =>
      fails(
        {
          jobFile: '/nowhere/job.yml',
          command: 'echo',
          timeoutInMinutes: 'soon',
          tags: 'team',
          jobName: 'a b',
          streamLogs: 'maybe',
        },
        /input 'jobFile': There is no file '\/nowhere\/job\.yml'/,
        /input 'command': Give either 'jobFile' or 'command'/,
        /input 'timeoutInMinutes': 'soon' is not a number/,
        /input 'tags': The line 'team' is not of the form name=value/,
        /input 'jobName': 'a b' cannot be a job name/,
        /input 'streamLogs': 'maybe' is neither true nor false/,
      ));

    it('needs a file or a command, and an environment for the command', async () => {
      await fails({ jobFile: '' }, /input 'jobFile': A job is required/);
      await fails({ jobFile: '', command: 'echo' }, /input 'environment': An inline job needs it/);
      await fails({ jobFile: kit.folder }, /input 'jobFile': .* is a folder, not a file/);
    });

    it('names the override that cannot be applied, and the field it makes wrong', async () => {
      await fails({ jobFile, set: 'nonsense' }, /input 'set': The override 'nonsense' is not of the form/);
      await fails(
        { jobFile, set: 'command.more=1' },
        /input 'set': The override 'command\.more=1' goes into 'echo done'/,
      );
      await fails(
        { jobFile, set: 'limits.timeout=long\nunknown=1' },
        /input 'set': .*timeout/,
        /input 'set': .*unknown/,
      );
    });
  });

  describe('in its files', () => {
    it('names file, line and column of what cannot be read or understood', async () => {
      const bad = await file('bad.yml', 'type: command\ncommand: [a\n');
      await fails({ jobFile: bad }, /bad\.yml:\d+:\d+: This is not valid YAML/);
      const odd = await file('odd.yml', `${WITHOUT_CODE}comand: x\nresources: { instance_count: many }\n`);
      await fails(
        { jobFile: odd },
        /odd\.yml:6:1: .*comand/,
        /odd\.yml:7:\d+: .*instance_count|odd\.yml:7:\d+: .*many/,
      );
      const binary = await file('binary.yml', 'a: \u0000');
      await fails({ jobFile: binary }, /binary\.yml/);
    });

    it('does not follow alias bombs', async () => {
      const levels = Array.from(
        { length: 9 },
        (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join()}]`,
      );
      const bomb = await file('bomb.yml', `a0: &a0 [x]\n${levels.join('\n')}\n`);
      await fails({ jobFile: bomb }, /bomb\.yml:\d+:\d+: Following the aliases of this file takes more than/);
    });

    it('warns of a key that is there twice, and takes the last one', async () => {
      const twice = await file('twice.yml', `${WITHOUT_CODE}display_name: first\ndisplay_name: last\n`);
      const done = await kit.ok({ jobFile: twice, waitForCompletion: 'false' });
      assert.match(done.warnings.join(), /twice\.yml:7:1: .*display_name/);
      assert.equal((await kit.job(done.outputs['jobName'] ?? '')).properties.displayName, 'last');
    });

    it('names code that is missing, empty, too large, or linked in circles or to nothing', async () => {
      await fails({ jobFile, set: 'code=gone' }, /gone/);
      await mkdir(`${kit.folder}/empty`);
      await fails({ jobFile, set: 'code=empty' }, /empty has no files to send/);
      await file('large/data.bin', '');
      await truncate(`${kit.folder}/large/data.bin`, 3 * 1024 ** 3);
      await fails({ jobFile, set: 'code=large' }, /has 3072\.0 MB .*The largest is data\.bin/);
      await file('circle/a.txt', 'a');
      await symlink(`${kit.folder}/circle`, `${kit.folder}/circle/again`);
      await fails({ jobFile, set: 'code=circle' }, /circle\/again points at .* a folder it lies in/);
      await file('broken/a.txt', 'a');
      await symlink(`${kit.folder}/nothing`, `${kit.folder}/broken/link`);
      await fails({ jobFile, set: 'code=broken' }, /broken\/link points at nothing/);
    });
  });

  it('names a compute, an environment and data the workspace does not have', async () => {
    await fails({ jobFile, set: 'compute=azureml:nope' }, /'nope'/, /x-ms-request-id \S+/);
    await fails({ jobFile, set: 'environment=azureml:nope:3' }, /'nope:3'/);
    await fails({ jobFile, set: 'environment=azureml:nope@latest' }, /nope/);
    await fails({ jobFile, set: 'inputs.d.type=uri_file\ninputs.d.path=azureml:nope:1' }, /nope/);
  });

  describe('with the service', () => {
    beforeEach(() => (gate.decide = () => undefined));
    const isSubmission = ({ method, path }: Seen): boolean => method === 'PUT' && path.includes('/jobs/');
    const answer = (
      status: number,
      code: string,
      message: string,
      headers: Record<string, string> = {},
    ): Fault => ({
      kind: 'answer',
      status,
      headers: { 'x-ms-request-id': 'request-7', ...headers },
      body: { error: { code, message } },
    });
    const submit = (n: number): Promise<TaskRun> =>
      kit.run(
        { jobFile, waitForCompletion: 'false', set: `environment_variables.N=${n}` },
        { connection: { url: gate.url } },
      );

    it('tries again when it is told to wait, is busy, or the connection drops, and submits one job', async () => {
      const faults: Fault[] = [
        answer(429, 'TooManyRequests', 'slow down', { 'retry-after': '1' }),
        answer(503, 'ServiceUnavailable', 'busy', { 'retry-after': '1' }),
        { kind: 'drop' },
      ];
      const before = (await kit.jobNames()).length;
      gate.decide = (seen) => (isSubmission(seen) ? faults.shift() : undefined);
      assert.equal((await submit(1)).result, 'Succeeded');
      assert.equal((await kit.jobNames()).length, before + 1);
      const agents = gate.seen.filter(isSubmission).map(({ headers }) => headers['user-agent'] ?? '');
      assert(
        agents.every((agent) => agent.startsWith('azureml-delivery-TrainModel/')),
        agents.join(),
      );
    });

    it('tells refusals in one message with the request id and a next step', async () => {
      const cases: readonly [Fault, RegExp][] = [
        [
          answer(401, 'InvalidAuthenticationToken', 'The access token is invalid.'),
          /not accepted \(401\)\. The access token is invalid\./,
        ],
        [
          answer(409, 'Conflict', 'The job is changing.'),
          /The job is changing\.[^]*Next: Run the step again/,
        ],
        [answer(412, 'PreconditionFailed', 'The etag is old.'), /The etag is old\./],
        [
          answer(400, 'QuotaExceeded', 'The cluster has 0 of 4 cores left.'),
          /quota or capacity is used up[^]*0 of 4 cores[^]*Next: Free capacity/,
        ],
      ];
      for (const [at, [fault, words]] of cases.entries()) {
        gate.decide = (seen) => (isSubmission(seen) ? fault : undefined);
        const done = await submit(10 + at);
        assert.equal(done.result, 'Failed');
        assert.match(done.message, words);
        assert.match(done.message, /x-ms-request-id request-7/);
        assert.match(done.output, /##vso\[task\.debug\]PUT .* \(x-ms-request-id request-7/);
      }
    });

    it('goes on following when the service fails for a while', async () => {
      let failures = 2;
      gate.decide = ({ path }) =>
        path.endsWith('/details') && failures-- > 0 ? answer(501, 'NotImplemented', 'Not now.') : undefined;
      const done = await kit.run(
        { jobFile, set: 'environment_variables.N=30' },
        { connection: { url: gate.url } },
      );
      assert.equal(done.result, 'Succeeded', done.message);
      assert.equal(done.warnings.length, 1);
      assert.match(done.warnings[0] ?? '', /Not now\. Job '\S+' goes on; asking again\./);
    });

    it('says that the job was paused, and leaves it', async () => {
      gate.decide = ({ path }) =>
        path.endsWith('/details')
          ? { kind: 'answer', status: 200, body: { status: 'Paused', logFiles: {} } }
          : undefined;
      const done = await kit.run(
        { jobFile, set: 'environment_variables.N=20' },
        { connection: { url: gate.url } },
      );
      assert.equal(done.result, 'Failed');
      assert.match(done.message, /was paused in the workspace\.\nNext: Resume it in the studio/);
      assert(!gate.seen.some(({ path }) => path.includes('/cancel')));
    });

    it('says nothing secret, debug lines included', async () => {
      const project = await kit.project('secrets', 'print("x")\n');
      const { output } = await kit.ok({ jobFile: project }, { variables: { 'System.Debug': 'true' } });
      const open = output.replace(/^##vso\[task\.setsecret\].*$/gm, '');
      assert(!open.includes(kit.workspace.address.clientSecret));
      assert.doesNotMatch(open, /eyJ[A-Za-z0-9_-]{10}|[?&]sig=(?!\*)|AccountKey=(?!\*)/);
    });
  });
});
