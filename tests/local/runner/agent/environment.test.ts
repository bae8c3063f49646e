import assert from 'node:assert/strict';
import path from 'node:path';
import { Problem, Problems } from '../../../../shared/problem/index.ts';
import type { ServiceConnection } from '../../../../local/runner/index.ts';
import { createProject, job, removeProjects, run, type Project, type Ran } from '../execute/harness.ts';

after(removeProjects);

const CONNECTION: ServiceConnection = {
  id: '7e1ac9b2-2f3c-4a53-9d05-0d5f4a1b6c11',
  name: 'Azure test',
  url: 'https://management.azure.com/',
  scheme: 'ServicePrincipal',
  parameters: { serviceprincipalid: 'client-id-1', serviceprincipalkey: 'k3y-of-app', tenantid: 'tenant-1' },
  data: { subscriptionid: 'sub-1', 'Scope Level': 'Subscription' },
};

/** A task that prints its whole environment and place as JSON, in letters no mask changes. */
const DUMP = `
const dump = { env: process.env, cwd: process.cwd(), stdin: require('fs').readFileSync(0, 'utf8') };
console.log(Buffer.from(JSON.stringify(dump)).toString('hex'));`;

interface Dump {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly stdin: string;
}

function dumpOf(ran: Ran, step = 'dump'): Dump {
  const hex = ran
    .log(step)
    .split('\n')
    .find((line) => /^[0-9a-f]{100,}$/.test(line));
  return JSON.parse(Buffer.from(hex ?? '', 'hex').toString('utf8')) as Dump;
}

const INPUTS = [
  { name: 'plain', type: 'string', label: 'x', defaultValue: '  by default ' },
  { name: 'modelName', type: 'string', label: 'x', aliases: ['model'] },
  { name: 'file', type: 'filePath', label: 'x' },
  { name: 'noFile', type: 'filePath', label: 'x' },
  { name: 'azure', type: 'connectedService:AzureRM', label: 'x', aliases: ['azureSubscription'] },
  { name: 'text', type: 'string', label: 'x' },
];

function dumping(): Project {
  const project = createProject();
  project.task('Dump', DUMP, { inputs: INPUTS });
  return project;
}

function withInputs(inputs: string): string {
  return job(`\n- task: Dump@1\n  name: dump\n  inputs:\n${inputs.replace(/^/gm, '    ')}`);
}

describe('inputs of a task', () => {
  it('come from the default, are trimmed, and go by the name in task.json', async () => {
    const { env } = dumpOf(await run(dumping(), withInputs(`MODEL: '  churn '`)));
    assert.equal(env['INPUT_PLAIN'], 'by default');
    assert.equal(env['INPUT_MODELNAME'], 'churn');
    assert.equal(env['INPUT_MODEL'], undefined);
  });

  it('keep their blanks when the pipeline switches trimming off', async () => {
    const yaml = `variables:\n  DISABLE_INPUT_TRIMMING: true\n${withInputs(`model: '  churn '`)}`;
    assert.equal(dumpOf(await run(dumping(), yaml)).env['INPUT_MODELNAME'], '  churn ');
  });

  it('resolve macros once, from variables and then from the environment, and leave unknown ones', async () => {
    const project = dumping();
    const yaml = `variables:\n  a: A\n  nested: $(a)-$(missing)\n  danger: $(a\n`;
    const ran = await run(project, yaml + withInputs(`text: '$(nested) $(A) $(HOME) $(nobody) $(danger)'`));
    assert.equal(dumpOf(ran).env['INPUT_TEXT'], `A-$(missing) A ${project.folder} $(nobody) $(a`);
  });

  it('that are file paths become absolute, an empty one the root itself', async () => {
    const { env } = dumpOf(await run(dumping(), withInputs('file: a/../b.yml')));
    const root = env['BUILD_SOURCESDIRECTORY'] ?? '';
    assert.equal(env['INPUT_FILE'], path.join(root, 'b.yml'));
    assert.equal(env['INPUT_NOFILE'], root);
  });

  it('that a task does not know reach it all the same, with a warning', async () => {
    const ran = await run(dumping(), withInputs('modle: x'));
    assert.equal(dumpOf(ran).env['INPUT_MODLE'], 'x');
    assert.match(ran.step('dump').issues[0]?.message ?? '', /'modle'/);
  });
});

describe('the environment of a task', () => {
  it('is clean: of the developer only what an agent has too', async () => {
    const environment = {
      PATH: process.env['PATH'],
      HOME: '/home/dev',
      AZURE_CLIENT_SECRET: 'mine',
      PIP_INDEX_URL: 'http://i',
    };
    const project = dumping();
    const { env } = dumpOf(await run(project, withInputs('text: x'), { environment, passThrough: [] }));
    assert.equal(env['AZURE_CLIENT_SECRET'], undefined);
    assert.equal(env['PIP_INDEX_URL'], 'http://i');
    const more = await run(project, withInputs('text: x'), { environment, passThrough: ['AZURE_*'] });
    assert.equal(dumpOf(more).env['AZURE_CLIENT_SECRET'], 'mine');
  });

  it('names variables with dots and blanks as underscores, and secrets apart', async () => {
    const yaml = `variables:\n  my.own var-x: open\n${withInputs('text: x')}`;
    const variables = { 'my.secret': { value: 'hush-hush', isSecret: true } };
    const ran = await run(dumping(), yaml, { variables });
    const { env } = dumpOf(ran);
    assert.equal(env['MY_OWN_VAR-X'], 'open');
    assert.equal(env['SECRET_MY_SECRET'], 'hush-hush');
    assert.equal(env['MY_SECRET'], undefined);
    assert.ok(JSON.parse(env['VSTS_PUBLIC_VARIABLES'] ?? '').includes('my.own var-x'));
    assert.ok(JSON.parse(env['VSTS_SECRET_VARIABLES'] ?? '').includes('my.secret'));
    assert.equal(env['agent.jobstatus'], 'Succeeded');
    assert.deepEqual(
      ran.job('main').variables.find((one) => one.name === 'my.secret'),
      {
        name: 'my.secret',
        value: '***',
        isSecret: true,
      },
    );
  });

  it('hands a connection over by name or id, only to a task that names it, in every form', async () => {
    const project = dumping();
    const connections = [CONNECTION];
    for (const name of ['azure TEST', CONNECTION.id.toUpperCase()]) {
      const { env } = dumpOf(await run(project, withInputs(`azureSubscription: ${name}`), { connections }));
      const { id } = CONNECTION;
      assert.equal(env['INPUT_AZURE'], id);
      assert.equal(env[`ENDPOINT_URL_${id}`], CONNECTION.url);
      assert.equal(env[`ENDPOINT_AUTH_SCHEME_${id}`], 'ServicePrincipal');
      assert.equal(env[`ENDPOINT_AUTH_PARAMETER_${id}_SERVICEPRINCIPALKEY`], 'k3y-of-app');
      assert.deepEqual(JSON.parse(env[`ENDPOINT_AUTH_${id}`] ?? '').parameters, CONNECTION.parameters);
      assert.equal(env[`ENDPOINT_DATA_${id}_SUBSCRIPTIONID`], 'sub-1');
      assert.equal(env[`ENDPOINT_DATA_${id}_SCOPE_LEVEL`], 'Subscription');
    }
    const { env } = dumpOf(await run(project, withInputs(`text: ${CONNECTION.id}`), { connections }));
    assert.ok(!Object.keys(env).some((name) => name.includes(CONNECTION.id)));
  });

  it('always holds the job token, and never data of the system connection', async () => {
    const { env } = dumpOf(await run(dumping(), withInputs('text: x')));
    assert.equal(
      env['ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN'],
      env['SECRET_SYSTEM_ACCESSTOKEN'],
    );
    assert.ok((env['SECRET_SYSTEM_ACCESSTOKEN'] ?? '').length >= 40);
    assert.ok(!Object.keys(env).some((name) => name.startsWith('ENDPOINT_DATA_')));
    assert.match(env['SYSTEM_OIDCREQUESTURI'] ?? '', /\/oidctoken$/);
  });

  it("starts in the default working directory with stdin closed; a job variable wins over the step's env", async () => {
    const steps = `\n- task: Dump@1\n  name: dump\n  env:\n    TAKEN: mine\n    OWN: $(taken)`;
    const ran = await run(dumping(), `variables:\n  taken: theirs\n${job(steps)}`);
    const { env, cwd, stdin } = dumpOf(ran);
    assert.equal(cwd, env['SYSTEM_DEFAULTWORKINGDIRECTORY']);
    assert.equal(stdin, '');
    assert.equal(env['TAKEN'], 'theirs');
    assert.equal(env['OWN'], 'theirs');
  });
});

describe('the environment of a script', () => {
  it('holds neither inputs nor secrets, which come in by env alone', async () => {
    const steps = `
- bash: env
  name: bare
- bash: echo "<$GIVEN>" | rev
  name: given
  env:
    GIVEN: $(password)`;
    const ran = await run(createProject(), job(steps), {
      variables: { password: { value: 'abc-123', isSecret: true } },
    });
    assert.doesNotMatch(ran.log('bare'), /SECRET_|INPUT_|_ACCESSTOKEN|abc-123/);
    assert.match(ran.log('given'), />321-cba</);
  });
});

describe('parts of a task', () => {
  it('run before and after all steps, share task variables, and the last part always', async () => {
    const project = createProject();
    const parts = {
      prejobexecution: { Node20_1: { target: 'pre.js' } },
      postjobexecution: { Node20_1: { target: 'post.js' } },
    };
    const script = 'console.log("main", process.env.VSTS_TASKVARIABLE_SEEN); process.exitCode = 1;';
    project.task('Parts', script, parts);
    project.task('Other', '', {});
    const { writeFileSync } = await import('node:fs');
    const at = (file: string): string => path.join(project.folder, 'tasks', 'Parts', file);
    writeFileSync(at('pre.js'), 'console.log("##vso[task.settaskvariable variable=seen]yes")');
    writeFileSync(at('post.js'), 'console.log("post", process.env.VSTS_TASKVARIABLE_SEEN)');
    const ran = await run(
      project,
      job('\n- bash: echo first\n  name: first\n- task: Parts@1\n  name: parts'),
    );
    const steps = ran.job('main').steps.map((step) => [step.displayName, step.result]);
    assert.deepEqual(steps.slice(0, 1), [['Pre-job: Parts', 'succeeded']]);
    assert.deepEqual(steps.slice(-2), [
      ['Parts', 'failed'],
      ['Post-job: Parts', 'succeeded'],
    ]);
    const last = ran.job('main').steps.at(-1);
    assert.ok(last?.log?.includes('parts'));
    assert.equal(ran.job('main').result, 'failed');
  });
});

describe('a pipeline that cannot work', () => {
  it('is refused before anything runs, with every problem at its place', async () => {
    const project = createProject();
    project.task('Dump', DUMP, {
      inputs: [...INPUTS, { name: 'must', type: 'string', label: 'x', required: true }],
    });
    project.task('Old', '', { execution: { PowerShell3: { target: 'x.ps1' } } });
    const steps = `
- task: Dump@1
  inputs:
    azureSubscription: nobody
- task: Missing@2
- task: Old@1
- pwsh: Get-Date`;
    const error: unknown = await run(project, job(steps), { environment: { PATH: '/nowhere' } }).catch(
      (one: unknown) => one,
    );
    assert.ok(error instanceof Problems);
    const found = error.all.map(({ place, message }) => [place?.line, place?.input, message]);
    assert.equal(found.length, 5);
    const has = (line: number | undefined, input: string | undefined, words: RegExp): void =>
      assert.ok(
        found.some(([l, i, m]) => l === line && i === input && words.test(String(m))),
        `${line} ${input} ${words.source}: ${JSON.stringify(found)}`,
      );
    has(8, 'azureSubscription', /'nobody'/);
    has(6, 'must', /requires/);
    has(9, undefined, /Missing@2/);
    has(10, undefined, /PowerShell3/);
    has(11, undefined, /'pwsh'/);
    const { existsSync } = await import('node:fs');
    assert.equal(existsSync(project.runs), false);
  });

  it('names a single unknown connection as one problem with input, file and line', async () => {
    const error: unknown = await run(dumping(), withInputs('azureSubscription: $(conn)'), {
      variables: { conn: { value: 'nobody', isSecret: false } },
    }).catch((one: unknown) => one);
    assert.ok(error instanceof Problem);
    assert.equal(error.place?.input, 'azureSubscription');
    assert.match(error.place?.file ?? '', /azure-pipelines\.yml$/);
  });
});
