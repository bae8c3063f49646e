import assert from 'node:assert/strict';
import { problemsIn, read } from './reading.ts';

/** Each line of a list of steps, jobs or stages, and what is said about it. */
const STEPS: readonly [string, RegExp][] = [
  ['- scrpt: a', /2:3 The step 'scrpt' is not known here. \| Did you mean 'script'\?/],
  ['- script: a\n  workingDir: b', /3:3 A step: the key 'workingDir' is not known/],
  ['- script: a\n  condition: eq(dependencies.A.result, 1)', /3:17 .*'dependencies' is not known here/],
  ['- script: a\n  condition: succeded()', /3:14 .*no function 'succeded'. \| Did you mean 'succeeded'\?/],
  [
    '- script: a\n  timeoutInMinutes: soon',
    /3:21 'timeoutInMinutes' must be a whole number of at least 0, not 'soon'/,
  ],
  [
    '- script: a\n  timeoutInMinutes: $(t)',
    /3:21 A value for 'timeoutInMinutes' that is known only while the pipeline runs is not supported/,
  ],
  ['- script: a\n  enabled: maybe', /3:12 'enabled' must be true or false, not 'maybe'/],
  ['- script: a\n  name: has space', /3:9 'has space' cannot name a step/],
  [
    '- script: a\n  target: my_container',
    /3:11 Running a step in the container 'my_container' is not supported/,
  ],
  ['- script: a\n  target: {commands: restricted}', /'commands: restricted' is not supported/],
  ['- script: [a]', /2:11 'script' must be text, not a list/],
  ['- script: a\n  env: [A]', /'env' must be a map of keys and values, not a list/],
  ['- pwsh: a\n  errorActionPreference: halt', /'errorActionPreference': 'halt' is not known/],
  [
    '- task: TrainModel',
    /2:9 'TrainModel' does not name a task and its version. \| Write it like TrainModel@1/,
  ],
  ['- task: A@1\n  inputs: {one: 1, ONE: 2}', /The input 'ONE' is given twice/],
  ['- checkout: other', /2:13 Checking out 'other' is not supported/],
  ['- checkout: self\n  path: s', /3:3 'path' is not supported/],
  ['- download: upstream', /2:13 Downloading from the pipeline resource 'upstream' is not supported/],
  ['- downloadBuild: x', /2:3 The step 'downloadBuild' is not supported/],
  ['- getPackage: x', /The step 'getPackage' is not supported/],
  ['- reviewApp: x', /The step 'reviewApp' is not supported/],
  ['- script: a\n  name: s\n- script: b\n  name: S', /4:3 There is already a step 'S' in this job, in .*:2/],
  ['- publish: x', /2:3 A step needs 'artifact'/],
  ['- script: a\n  script: b', /3:3 'script' is already given in line 2/],
  ['- just text', /2:3 A step must be a map of keys and values, not 'just text'/],
];

const JOBS: readonly [string, RegExp][] = [
  ['- job: 1st\n  steps: []', /2:8 '1st' cannot name a job/],
  ['- job: A\n  step: []', /3:3 A job: the key 'step' is not known here. \| Did you mean 'steps'\?/],
  ['- job: A', /2:3 A job needs 'steps'/],
  ['- job: A\n  steps: []\n  dependsOn: B', /4:14 'dependsOn': the job 'B' is not known here/],
  ['- job: A\n  steps: []\n  dependsOn: A', /wait for each other and would never start: A > A/],
  [
    '- job: A\n  steps: []\n  dependsOn: B\n- job: B\n  steps: []\n  dependsOn: A',
    /These jobs wait for each other and would never start: A > B > A/,
  ],
  ['- job: A\n  pool: server\n  steps: [bash: echo]', /4:11 A 'script' step cannot run in an agentless job/],
  [
    '- deployment: A\n  pool: server\n  strategy: {runOnce: {deploy: {steps: []}}}',
    /3:9 An agentless job \('pool: server'\) is not supported/,
  ],
  ['- job: A\n  container: ubuntu\n  steps: []', /3:3 'container' is not supported/],
  ['- job: A\n  services: {}\n  steps: []', /'services' is not supported/],
  [
    '- job: A\n  strategy: {matrix: "$[ x ]"}\n  steps: []',
    /A matrix that is known only while the pipeline runs is not supported/,
  ],
  [
    '- job: A\n  strategy: {runOnce: {}}\n  steps: []',
    /'runOnce' is not supported by the local runner. \| Write 'deployment:' instead/,
  ],
  ['- job: A\n  workspace: {clean: some}\n  steps: []', /'clean': 'some' is not known/],
  ['- phase: A\n  steps: []', /'phase' is not supported/],
  ['- deployment: D\n  environment: e', /A deployment job needs 'strategy'/],
  [
    '- deployment: D\n  environment: e\n  strategy: {canary: {increments: [1]}}',
    /'canary' is not supported by the local runner. \| Use 'runOnce'/,
  ],
  ['- deployment: D\n  environment: e\n  strategy: {rolling: {}}', /'rolling' is not supported/],
  [
    '- deployment: D\n  environment: e.vm1\n  strategy: {runOnce: {deploy: {steps: []}}}',
    /3:16 A resource of an environment \('e.vm1'\) is not supported/,
  ],
  [
    '- deployment: D\n  environment: {name: e, resourceType: VirtualMachine}\n  strategy: {runOnce: {deploy: {steps: []}}}',
    /'resourceType' is not supported/,
  ],
  [
    '- deployment: D\n  environment: e\n  strategy: {runOnce: {deplyo: {steps: []}}}',
    /'deplyo' is not known here. \| Did you mean 'deploy'\?/,
  ],
];

const STAGES: readonly [string, RegExp][] = [
  ['- stage: A', /2:3 The stage 'A' needs 'jobs'/],
  ['- stage: A-b\n  jobs: []', /'A-b' cannot name a stage/],
  ['- stage: A\n  jobs: []\n- stage: a\n  jobs: []', /4:10 There is already a stage 'a' in .*:2/],
  ['- stage: A\n  dependsOn: Z\n  jobs: []', /3:14 'dependsOn': the stage 'Z' is not known here/],
  [
    '- stage: A\n  dependsOn: B\n  jobs: []\n- stage: B\n  jobs: []',
    /These stages wait for each other and would never start: A > B > A/,
  ],
  [
    "- stage: A\n  condition: eq(stageDependencies.X.Y.result, '')\n  jobs: []",
    /3:17 .*'stageDependencies' is not known here. \| .*a stage's condition asks dependencies/,
  ],
  ['- stage: A\n  trigger: manual\n  jobs: []', /A stage that waits for a 'manual' start is not supported/],
  ['- job: A\n  steps: []', /In a list of stages/],
];

const TOP: readonly [string, RegExp][] = [
  ['step: []', /1:1 A pipeline: the key 'step' is not known here. \| Did you mean 'steps'\?/],
  ['phases: []', /'phases' is not supported by the local runner. \| Write 'jobs'/],
  [
    'resources: {pipeline: []}\nsteps: []',
    /'resources': the key 'pipeline' is not known here. \| Did you mean 'pipelines'\?/,
  ],
  ['- script: a', /1:1 A pipeline must be a map of keys and values/],
  ['', /1:1 A pipeline must be a map of keys and values/],
  ['just text', /1:1 A pipeline must be a map/],
  ['steps: {script: a}', /'steps' must be a list, not a map/],
];

describe('what a pipeline may not say', () => {
  const suites: readonly [string, string, readonly [string, RegExp][]][] = [
    ['steps', 'steps:\n', STEPS],
    ['jobs', 'jobs:\n', JOBS],
    ['stages', 'stages:\n', STAGES],
    ['the top level', '', TOP],
  ];
  for (const [where, head, cases] of suites) {
    for (const [text, expected] of cases) {
      it(`in ${where}: ${text.replace(/\n\s*/g, ' / ') || '(nothing)'}`, async () => {
        const problems = await problemsIn(`${head}${text}\n`);
        assert.ok(
          problems.some((problem) => expected.test(problem)),
          `${problems.join('\n')}\ndoes not match ${expected}`,
        );
      });
    }
  }

  it('is all reported at once, file by file from top to bottom, and only once', async () => {
    const problems = await problemsIn(
      'variables: [{group: g}]\njobs:\n- job: A\n  services: {}\n  steps:\n  - scipt: a\n  - script: b\n    foo: 1\n  dependsOn: C\n',
    );
    assert.deepEqual(
      problems.map((problem) => problem.split(' ')[0]),
      ['main.yml:1:14', 'main.yml:4:3', 'main.yml:6:5', 'main.yml:8:5', 'main.yml:9:14'],
    );
  });

  it('does not matter in branches that are not taken', async () => {
    await read('steps:\n- ${{ if false }}:\n  - nonsense: 1\n');
  });
});
