import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readTaskCatalog } from '../../../../local/runner/agent/task/catalog.ts';
import { readRelease } from '../../../../local/runner/release/read/index.ts';
import { wordsFor } from '../../../../shared/problem/index.ts';
import { createProject, removeProjects } from '../execute/harness.ts';
import { afterStage, agentPhase, artifact, bash, definition, gates, stage, task } from './definitions.ts';
import { read, release } from './harness.ts';

const examples = fileURLToPath(
  new URL('../../../../../shared/azure-devops-api/release-examples/', import.meta.url),
);
const folder = mkdtempSync(path.join(tmpdir(), 'release-'));

after(() => {
  rmSync(folder, { recursive: true, force: true });
  removeProjects();
});

/** The answers of real servers, one file for each definition or release in them. */
function answersIn(name: string): string[] {
  assert.ok(existsSync(examples), `The published API is missing: there is no ${examples}.`);
  const example: unknown = JSON.parse(readFileSync(path.join(examples, name), 'utf8'));
  const body: unknown = Object(example).responses['200']?.body;
  if (body === undefined) return [];
  const all: unknown[] = Object(body).value ?? [body];
  return all.map((one, index) => {
    const file = path.join(folder, `${index}-${name}`);
    writeFileSync(file, JSON.stringify(one, undefined, 2));
    return file;
  });
}

async function problemsIn(file: string): Promise<string[]> {
  const catalog = await readTaskCatalog([]);
  try {
    readRelease({ path: file, file: 'release.json', catalog });
    return [];
  } catch (error) {
    return wordsFor(error);
  }
}

describe('release definitions as Azure DevOps has them', () => {
  it('are read from the answers of the service, definitions and releases alike', async () => {
    const catalog = await readTaskCatalog([]);
    const names = [
      'GET__GetReleaseDefinition.json',
      'GET__GetARelease.json',
      'POST__CreateARelease.json',
      'PUT__UpdateRelease.json',
    ];
    const plans = names
      .flatMap(answersIn)
      .map((file) => readRelease({ path: file, file: path.basename(file), catalog }));
    assert.deepEqual(
      plans.map((plan) => [plan.name, plan.stages.map((one) => one.name).join(' ')]),
      [
        ['Fabrikam-web', 'PROD'],
        ['MyShuttle.CD', 'Dev QA PPE PROD'],
        ['MyShuttle.CD', 'Dev QA PPE PROD'],
        ['Fabrikam-web', 'PROD'],
      ],
    );
    const [, created] = plans;
    assert.deepEqual(created?.stages[1]?.trigger.stages, [{ stage: 'Dev', statuses: ['succeeded'] }]);
    assert.equal(created?.stages[0]?.before.approvers[0]?.displayName, 'Chuck Reinhart');
    assert.equal(created?.stages[0]?.before.timeoutInMinutes, 43_200);
    assert.equal(created?.artifacts[0]?.inputs.get('version')?.id, '2');
    const step = created?.stages[0]?.phases[0]?.steps[0];
    assert.ok(step?.kind === 'script' && step.shell === 'pwsh' && step.script.text.includes('Hello World'));
  });

  it('are refused in words where an answer holds no stages, whatever else it is', async () => {
    assert.ok(existsSync(examples), `The published API is missing: there is no ${examples}.`);
    const others = readdirSync(examples).filter((name) => /Approval|Gate\.|AllReleaseDefinitions/.test(name));
    const said = await Promise.all(others.flatMap(answersIn).map(problemsIn));
    assert.ok(said.length >= 4);
    for (const lines of said)
      assert.match(lines.join(' '), /no stages: this is no exported release definition/);
  });

  it('name everything the runner does not offer, with the place and the way to it, before anything runs', async () => {
    const project = createProject();
    const group = { ...agentPhase([]), phaseType: 'machineGroupBasedDeployment' };
    const copies = agentPhase([bash('echo')], {
      parallelExecution: { parallelExecutionType: 'multiConfiguration', multipliers: '' },
    });
    const pattern = { tagFilter: { pattern: 'v.*' }, useBuildDefinitionBranch: true };
    const tasks = [
      task('0f077e3a-af59-496d-81bc-ad971b7464e0', 'Group', {}, { definitionType: 'metaTask' }),
      task('ffffffff-0000-4000-8000-000000000000', 'Unknown task'),
      task('ffffffff-0000-4000-8000-000000000000', 'Unknown, switched off', {}, { enabled: false }),
    ];
    const plan = definition(
      [
        stage('A', tasks, { schedules: [{ daysToRelease: 0, timeZoneId: 'Nowhere' }], variableGroups: [12] }),
        stage('B', [], {
          deployPhases: [group, copies],
          conditions: [{ name: 'x', conditionType: 'artifact', value: JSON.stringify(pattern) }],
        }),
      ],
      { variableGroups: [3] },
    );
    await assert.rejects(release(project, plan), (error) => {
      const said = wordsFor(error).join('\n');
      for (const way of [
        'variableGroups[0]: The variable group 3',
        'environments[0].schedules[0]: The schedule names no day of the week',
        "environments[0].schedules[0].timeZoneId: The time zone 'Nowhere' is not known",
        'environments[0].variableGroups[0]: The variable group 12',
        'environments[0].deployPhases[0].workflowTasks[0].definitionType: The task group',
        "environments[0].deployPhases[0].workflowTasks[1].taskId: The task 'Unknown task'",
        'environments[1].deployPhases[0].phaseType: A deployment group job',
        'environments[1].deployPhases[1].deploymentInput.parallelExecution.multipliers: A job for each configuration',
        "environments[1].conditions[0].value: An artifact filter by the build's default branch",
        'environments[1].conditions[0].value: An artifact filter by a pattern of tags',
      ])
        assert.ok(said.includes(way), `${way}\n${said}`);
      assert.match(said, /release\.json:\d+:\d+, at environments\[0\]/);
      assert.doesNotMatch(said, /switched off/);
      return true;
    });
  });

  it('name what they get wrong: JSON, kinds of values, aliases, stages, triggers that go in a circle', async () => {
    const project = createProject();
    const plan = definition(
      [
        stage('A', [], { conditions: [afterStage('B')] }),
        stage('B', [], { conditions: [afterStage('A')] }),
        stage('C', [], { conditions: [afterStage('Nowhere')], rank: 'first' }),
        stage('c', []),
      ],
      { artifacts: [artifact('../up'), artifact('x'), artifact('X')] },
    );
    await assert.rejects(read(project, plan), (error) => {
      const said = wordsFor(error).join('\n');
      for (const words of [
        "'../up' cannot be an alias",
        "more than one artifact 'X'",
        'environments[2].rank: This must be a number',
        "There is more than one stage 'c'",
        "There is no stage 'Nowhere'",
        'wait for each other',
      ])
        assert.ok(said.includes(words), `${words}\n${said}`);
      return true;
    });
    const file = path.join(folder, 'broken.json');
    writeFileSync(file, '{ "environments": [');
    assert.match((await problemsIn(file)).join(' '), /The file is not JSON/);
  });

  it('that use gates or server tasks nothing here runs are refused', async () => {
    const project = createProject();
    const id = '5b1f0a94-3e0c-4e5f-9f57-0c3fb3a0a001';
    project.task('TestGate', '', { id, execution: { HttpRequest: {} } });
    const plan = definition([stage('A', [], { preDeploymentGates: gates([task(id, 'Gate')]) })]);
    await assert.rejects(release(project, plan), (error) => {
      assert.match(
        wordsFor(error).join(' '),
        /preDeploymentGates\.gates\[0\]\.tasks\[0\]: The task 'TestGate' runs without an agent/,
      );
      return true;
    });
    const misplaced = definition([stage('A', [task(id, 'Gate')])]);
    await assert.rejects(read(project, misplaced), /no task for an agent job/);
  });
});
