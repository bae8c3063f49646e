import assert from 'node:assert/strict';
import { compileJob, readYaml, type JobCompilation } from '../../../../shared/azureml/yaml/index.ts';
import { files, problems, refusals, shown, type Files } from './fixture.ts';

const BASE = 'command: python a.py\nenvironment: azureml:e:1\n';
const job = (text: string): JobCompilation => compileJob(readYaml(text, 'job.yml'));
const properties = (text: string): Record<string, unknown> =>
  shown(job(text))['properties'] as Record<string, unknown>;
const command = (text: string): Record<string, unknown> => properties(BASE + text);

describe('a command job', () => {
  it('has what the reference client always sends', () => {
    assert.deepEqual(command(''), {
      jobType: 'Command',
      command: 'python a.py',
      environmentId: '<environments/e:1>',
      environmentVariables: {},
      inputs: {},
      outputs: {},
      tags: {},
      properties: {},
      isArchived: false,
    });
  });

  it('sends literals as Python writes them', () => {
    const { inputs } = command('inputs: {a: 1, b: 1.0, c: on, d: 2e-5, e: 1.0e-5, f: "x", g: 010}\n');
    const values = Object.values(inputs as Record<string, { value: string }>).map(({ value }) => value);
    assert.deepEqual(values, ['1', '1.0', 'True', '2e-5', '1e-05', 'x', '8']);
  });

  it('keeps uri and mode of inputs and outputs', () => {
    const sent = command(
      'inputs: {d: {type: mltable, path: "azureml:t@latest", mode: eval_mount}, u: {path: https://x/y}}\n' +
        'outputs: {m: {type: mlflow_model, mode: RW_MOUNT, path: azureml://datastores/d/paths/p, name: n, version: 1.0}, e: }\n',
    );
    assert.deepEqual(sent['inputs'], {
      d: { jobInputType: 'mltable', uri: '<data/t@latest>', mode: 'EvalMount' },
      u: { jobInputType: 'uri_folder', uri: 'https://x/y' },
    });
    assert.deepEqual(sent['outputs'], {
      m: {
        jobOutputType: 'mlflow_model',
        uri: 'azureml://datastores/d/paths/p',
        mode: 'ReadWriteMount',
        assetName: 'n',
        assetVersion: '1.0',
      },
      e: { jobOutputType: 'uri_folder' },
    });
  });

  it('turns seconds into durations', () => {
    assert.deepEqual(command('limits: {timeout: 3601}\n')['limits'], {
      jobLimitsType: 'Command',
      timeout: 'PT1H1S',
    });
    assert.deepEqual(command('limits: {timeout: "90000"}\n')['limits'], {
      jobLimitsType: 'Command',
      timeout: 'P1DT1H',
    });
  });

  it('writes environment variables as text', () => {
    assert.deepEqual(command('environment_variables: {A: 1, B: true, C: x}\n')['environmentVariables'], {
      A: '1',
      B: 'True',
      C: 'x',
    });
  });

  it('knows distributions, identities, queues and services', () => {
    const sent = command(
      'distribution: {type: PyTorch, process_count_per_instance: 2}\nidentity: {type: UserIdentity}\n' +
        'queue_settings: {job_tier: spot}\nservices: {s: {type: ssh, ssh_public_keys: k, nodes: all}}\n',
    );
    assert.deepEqual(sent['distribution'], { distributionType: 'PyTorch', processCountPerInstance: 2 });
    assert.deepEqual(sent['identity'], { identityType: 'UserIdentity' });
    assert.deepEqual(sent['queueSettings'], { jobTier: 'Spot' });
    assert.deepEqual(sent['services'], {
      s: { jobServiceType: 'SSH', nodes: { nodesValueType: 'All' }, properties: { sshPublicKeys: 'k' } },
    });
  });

  it('understands every spelling of a reference', () => {
    const id = '/subscriptions/s/resourceGroups/r/providers/Microsoft.MachineLearningServices/workspaces/w';
    const environments: Record<string, string> = {
      'azureml:e:1': '<environments/e:1>',
      'azureml:e@latest': '<environments/e@latest>',
      'azureml:AzureML-sklearn@latest': 'azureml:AzureML-sklearn@latest',
      'azureml://registries/azureml/environments/x/labels/latest':
        'azureml://registries/azureml/environments/x/labels/latest',
      [`azureml:${id}/environments/x/versions/2`]: `${id}/environments/x/versions/2`,
    };
    for (const [written, sent] of Object.entries(environments)) {
      assert.equal(properties(`command: c\nenvironment: ${written}\n`)['environmentId'], sent);
    }
    assert.equal(command('compute: azureml:cpu\n')['computeId'], '<computes/cpu>');
    assert.equal(command(`compute: ${id}/computes/c\n`)['computeId'], `${id}/computes/c`);
  });

  it('marks a local compute the way the service knows it', () => {
    const sent = command('compute: local\n');
    assert.equal(sent['computeId'], undefined);
    assert.deepEqual(sent['resources'], { properties: { IsLocal: { IsLocal: true } } });
  });

  it('leaves aside what only the service sets', () => {
    assert.deepEqual(command('id: x\nstatus: Completed\ncreation_context: {a: 1}\n'), command(''));
  });

  it('writes single braces of old files double, and says so', () => {
    const compiled = job('command: run {inputs.a} {x}\nenvironment: azureml:e:1\ninputs: {a: 1}\n');
    assert.equal(
      (shown(compiled)['properties'] as Record<string, unknown>)['command'],
      'run ${{inputs.a}} {x}',
    );
    assert.equal(compiled.warnings.length, 1);
  });
});

describe('local files of a job', () => {
  let folder: Files;
  before(async () => {
    folder = await files({
      'jobs/train.yml':
        'command: python a.py --d ${{inputs.d}}\ncode: ../src\nenvironment: {image: x, conda_file: ../conda.yml}\n' +
        'inputs: {d: {type: uri_folder, path: ../data}}\n',
      'jobs/built.yml': 'command: c\nenvironment: {build: {path: ../docker, dockerfile_path: D}}\n',
      'jobs/file.yml': 'command: c\nenvironment: file:../env/env.yml\n',
      'env/env.yml': 'image: y\nconda_file: ../conda.yml\n',
      'src/a.py': '',
      'data/x.csv': '',
      'docker/D': '',
      'conda.yml': 'name: e\ndependencies: [python=3.9]\n',
    });
  });
  after(() => folder.remove());

  it('are found from the folder of the file, and listed with their places', () => {
    const compiled = compileJob(folder.read('jobs/train.yml'));
    const sent = shown(compiled)['properties'] as Record<string, unknown>;
    assert.equal(sent['codeId'], '<local code src>');
    assert.equal(sent['environmentId'], '<local environments >');
    assert.deepEqual(sent['inputs'], { d: { jobInputType: 'uri_folder', uri: '<local path data>' } });
    assert.deepEqual(
      compiled.assets.map(({ kind, place }) => [kind, place.line, place.column]),
      [
        ['code', 2, 7],
        ['version', 3, 14],
        ['path', 4, 38],
      ],
    );
  });

  it('become a conda text as PyYAML writes it', () => {
    const [environment] = compileJob(folder.read('jobs/file.yml')).assets;
    assert.ok(environment?.kind === 'version');
    assert.deepEqual(environment.body, {
      properties: {
        image: 'y',
        condaFile: 'dependencies:\n- python=3.9\nname: e\n',
        isAnonymous: true,
        isArchived: false,
      },
    });
  });

  it('that a Docker build needs are sent and named by the environment', () => {
    const { assets } = compileJob(folder.read('jobs/built.yml'));
    assert.deepEqual(assets.map(({ kind }) => kind).sort(), ['path', 'version']);
    const version = assets.find((asset) => asset.kind === 'version');
    assert.ok(version?.kind === 'version');
    assert.equal(version.content?.address, 'https');
  });
});

describe('a sweep job', () => {
  const SWEEP =
    'type: sweep\ntrial: {command: "c ${{search_space.a}}", environment: "azureml:e:1", code: .}\n' +
    'objective: {goal: Maximize, primary_metric: auc}\nlimits: {max_total_trials: 4, timeout: 7200, trial_timeout: 20}\n' +
    'sampling_algorithm: random\n';

  it('sends parameters as the service wants them', () => {
    const sent = properties(
      `${SWEEP}search_space:\n  a: {type: choice, values: [1, x, {b: {type: uniform, min_value: 0, max_value: 1}}]}\n` +
        '  b: {type: qlognormal, mu: 0, sigma: 1.5, q: 2}\n  c: {type: randint, upper: 3}\n',
    );
    assert.deepEqual(sent['searchSpace'], {
      a: ['choice', [[1, 'x', { b: ['uniform', [0, 1]] }]]],
      b: ['qlognormal', [0, 1.5, 2]],
      c: ['randint', [3]],
    });
    assert.deepEqual(sent['objective'], { goal: 'Maximize', primaryMetric: 'auc' });
    assert.deepEqual(sent['samplingAlgorithm'], { samplingAlgorithmType: 'Random' });
  });

  it('never sends a trial timeout under a minute, which the service takes for sixty days', () => {
    assert.deepEqual(properties(`${SWEEP}search_space: {}\n`)['limits'], {
      jobLimitsType: 'Sweep',
      maxTotalTrials: 4,
      timeout: 'PT2H',
      trialTimeout: 'PT1M',
    });
  });

  it('fills in an early termination policy with zeros', () => {
    const sent = properties(
      `${SWEEP}search_space: {}\nearly_termination: {type: bandit, slack_factor: 0.1}\n`,
    );
    assert.deepEqual(sent['earlyTermination'], {
      policyType: 'Bandit',
      delayEvaluation: 0,
      evaluationInterval: 0,
      slackFactor: 0.1,
      slackAmount: 0,
    });
  });
});

describe('which kind a job file is', () => {
  const kind = (text: string) => job(text).kind;

  it('says its type, and without one the members tell', () => {
    assert.equal(kind(`type: command\n${BASE}`), 'commandJob');
    assert.equal(kind('jobs: {}\n'), 'pipelineJob');
    assert.equal(kind('type: pipeline\njobs: {}\n'), 'pipelineJob');
  });

  it('$schema is only a hint: another kind in it is a warning, or an error when asked to be strict', () => {
    const text = `$schema: https://azuremlschemas.azureedge.net/latest/sweepJob.schema.json\n${BASE}`;
    assert.match(
      job(text).warnings[0]!.message,
      /names the kind sweepJob, but the file is read as commandJob/,
    );
    assert.equal(problems(() => compileJob(readYaml(text, 'x.yml'), { strict: true })).length, 1);
    assert.deepEqual(job(`$schema: http://azureml/sdk-2-0/CommandJob.json\n${BASE}`).warnings, []);
  });

  it('kinds that are not offered are refused by name, and unknown ones with the nearest', () => {
    assert.deepEqual(
      refusals(() => job('type: finetuning\ntask: x\n')),
      ["1:7 The job type 'finetuning' is not offered; these are: command, sweep, pipeline, automl, spark."],
    );
    assert.deepEqual(
      refusals(() => job('type: pipelines\n')),
      ["1:7 There is no job type 'pipelines'. Did you mean 'pipeline'?"],
    );
  });

  it('an empty file and a list are refused', () => {
    assert.match(refusals(() => job(''))[0]!, /file is empty/);
    assert.match(refusals(() => job('- a\n'))[0]!, /must hold a mapping/);
  });
});

describe('what is wrong with a job file', () => {
  it('is told all at once, each with line, column, what was expected and the nearest word', () => {
    const text =
      'comand: x\nenvironment: sklearn\ninputs:\n  a: {type: uri_flie, path: x}\n  b: [1]\nlimits: {timeout: soon}\n' +
      'tags: {a: 1}\ndistribution: {type: torch}\n';
    assert.deepEqual(
      refusals(() => job(text)),
      [
        "1:1 'comand' is not known here. Did you mean 'command'?",
        "1:1 The file needs 'command'.",
        "2:14 'environment' must be an environment: azureml:<name>:<version>, a registry id, or a mapping with image or build, not 'sklearn'.",
        "4:13 'inputs.a.type' must be uri_file, uri_folder, mltable, custom_model, mlflow_model or triton_model, not 'uri_flie'. Did you mean 'uri_file'?",
        `4:29 'inputs.a.path' names 'x', but there is no such file or folder (looked for ${process.cwd()}/x).`,
        "5:6 'inputs.b' must be a single value, or a mapping with type and path, not a list.",
        "6:19 'limits.timeout' must be a whole number, not 'soon'.",
        "7:11 'tags.a' must be text (put quotes around it), not the number 1.",
        "8:22 'distribution.type' must be pytorch, tensorflow, mpi or ray, not 'torch'. Did you mean 'pytorch'?",
      ],
    );
  });

  it('points to the documentation of the kind', () => {
    const [problem] = problems(() => job(`${BASE}foo: 1\n`));
    assert.match(problem!.next ?? '', /reference-yaml-job-command/);
  });

  it('includes inputs the command reads but nobody gives, except optional ones', () => {
    assert.match(
      refusals(
        () => command('').valueOf() && job('command: c ${{inputs.a}}\nenvironment: azureml:e:1\n'),
      )[0]!,
      /reads the input 'a'/,
    );
    assert.doesNotThrow(() => job('command: c $[[--a ${{inputs.a}}]]\nenvironment: azureml:e:1\n'));
  });

  it('includes names without versions, empty values, and code from elsewhere', () => {
    const text = 'command: c\nenvironment: azureml:e\ndescription:\ncode: git+https://x/y\n';
    const found = refusals(() => job(text));
    assert.equal(found.length, 3);
    assert.match(found[0]!, /without a version/);
    assert.match(found[1]!, /must be text, not empty/);
    assert.match(found[2]!, /not fetched from there/);
  });
});
