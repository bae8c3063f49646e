import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { inspectRelease } from '../../../../local/runner/index.ts';
import { readTaskCatalog } from '../../../../local/runner/agent/task/catalog.ts';
import type { SupplyFiles } from '../../../../local/runner/release/read/supplies.ts';
import { wordsFor } from '../../../../shared/problem/index.ts';
import { createProject, removeProjects, type Project } from '../execute/harness.ts';
import { agentPhase, artifact, bash, definition, gates, stage, task } from './definitions.ts';
import { release } from './harness.ts';

after(removeProjects);

const HELM = 'afa7d54d-537b-4dc8-b60a-e0eeea2c9a87';
const MONITOR = 'f1e4b0e6-017e-4819-8a48-ef19ae96e289';
const GROUP = '3f1c7a52-6d0b-4c1e-9a55-0a1b2c3d4e01';

const helm = (name: string, more = {}) =>
  task(HELM, name, { 'chart name': 'web', release: '$(name)' }, { version: '0.*', ...more });
const group = task(GROUP, 'Group of tasks', {}, { definitionType: 'metaTask' });
const monitor = gates([task(MONITOR, 'Query alerts', {}, { version: '0.*' })]);

/** Two stages with tasks of other extensions, one of them in a gate. */
const foreign = definition(
  [
    stage('A', [helm('Upgrade A'), bash('echo own'), group], { variableGroups: [3] }),
    stage('B', [helm('Upgrade B'), helm('Switched off', { enabled: false })], {
      preDeploymentGates: monitor,
      variableGroups: [3],
    }),
  ],
  { variables: { name: { value: 'blue' } } },
);

async function inspect(project: Project, content: object, files: SupplyFiles = {}) {
  const file = path.join(project.folder, 'release.json');
  writeFileSync(file, JSON.stringify(content, undefined, 2));
  const catalog = await readTaskCatalog([path.join(project.folder, 'tasks')]);
  const { plan, problems } = inspectRelease({ path: file, file: 'release.json', catalog, ...files });
  return { plan, problems, said: problems.flatMap(wordsFor) };
}

describe('tasks of other extensions', () => {
  it('are named once each, with all their uses and what to type to go on', async () => {
    const project = createProject();
    project.task('Own', '');
    const { said } = await inspect(project, foreign);
    const about = (words: string): string[] => said.filter((line) => line.includes(words));
    assert.equal(about("The task 'Upgrade A'").length, 1);
    assert.match(
      about("The task 'Upgrade A'")[0] ?? '',
      /at environments\[0\]\.deployPhases\[0\]\.workflowTasks\[0\]\.taskId: .*version 0\.\*\).*It is also at environments\[1\]\.deployPhases\[0\]\.workflowTasks\[0\]\.taskId\.$/,
    );
    assert.ok(about(`--leave-out ${HELM}`)[0]?.includes(`--stand-in ${HELM}=<file>`));
    assert.ok(!about(`--leave-out ${MONITOR}`)[0]?.includes('--stand-in'), 'no script runs without an agent');
    assert.match(about('The variable group 3')[0] ?? '', /also at environments\[1\]\.variableGroups\[0\]/);
    assert.doesNotMatch(said.join('\n'), /Switched off/);
  });

  it('are left out by name, by id, or all that do not run here; the record tells of each', async () => {
    const project = createProject();
    const groups = path.join(project.folder, 'groups.json');
    writeFileSync(groups, JSON.stringify({ 3: { own: 'value' } }));
    const files = { variableGroups: [groups] };
    const all = await inspect(project, foreign, { ...files, leaveOut: ['unsupported'] });
    assert.deepEqual(all.said, []);
    const kept = all.plan.stages.map((one) => one.phases.map((phase) => phase.steps.length));
    assert.deepEqual(kept, [[1], [0]]);
    assert.equal(all.plan.stages[1]?.before.gates, undefined);
    assert.deepEqual(all.plan.notes.map((note) => /'(.*?)'/.exec(note)?.[1]).sort(), [
      'Group of tasks',
      'Query alerts',
      'Upgrade A',
      'Upgrade B',
    ]);
    const some = await inspect(project, foreign, {
      ...files,
      leaveOut: ['upgrade a', GROUP, MONITOR.toUpperCase()],
    });
    assert.equal(some.said.filter((line) => line.includes('not supported')).length, 1);
    assert.match(some.said[0] ?? '', /environments\[1\].*'Upgrade B'/);
  });

  it('that are named by mistake, and scripts that are not there or have no agent, are told', async () => {
    const project = createProject();
    const script = path.join(project.folder, 'in.sh');
    writeFileSync(script, '');
    const wishes = { leaveOut: ['Upgrade C'], standIns: { 'query alerts': script } };
    const said = (await inspect(project, foreign, wishes)).said.join('\n');
    assert.match(said, /--leave-out upgrade c: no task of the definition has this name/);
    assert.match(said, /A script cannot stand in for 'Query alerts', which runs without an agent/);
    await assert.rejects(
      inspect(project, foreign, { standIns: { [HELM]: 'nowhere.sh' } }),
      /nowhere\.sh: there is no such file/,
    );
  });

  it('have scripts in their place that see their inputs', async () => {
    const project = createProject();
    const script = path.join(project.folder, "it's a script.sh");
    writeFileSync(script, 'echo "$INPUT_CHART_NAME of $INPUT_RELEASE in $1$STAGE"\n');
    const one = definition(
      [stage('A', [helm('Upgrade', { environment: { STAGE: '$(Release.EnvironmentName)' } })])],
      {
        variables: { name: { value: 'blue' } },
      },
    );
    const done = await release(project, one, { supplies: { standIns: { Upgrade: script } } });
    assert.deepEqual(done.stages(), { A: 'succeeded' });
    assert.match(done.log('A'), /web of blue in A/);
    assert.match(done.shown, /warning: 'it's a script\.sh' ran in place of the task 'Upgrade'/);
  });

  it('of any version are the newest that is here; another major one is told', async () => {
    const project = createProject();
    const id = '5b1f0a94-3e0c-4e5f-9f57-0c3fb3a0a002';
    project.task('Own', '', { id });
    const any = await inspect(project, definition([stage('A', [task(id, 'Any', {}, { version: '*' })])]));
    assert.deepEqual(any.said, []);
    const next = await inspect(project, definition([stage('A', [task(id, 'Next', {}, { version: '9.*' })])]));
    assert.match(next.said.join('\n'), /version 9\.\*\) is not supported.*\n.*Here runs Own@1\./);
  });
});

describe('a definition with much in the way', () => {
  it('is told all of it at once: what is read, what is missing here, what was not given', async () => {
    const project = createProject();
    const id = '5b1f0a94-3e0c-4e5f-9f57-0c3fb3a0a003';
    const inputs = [{ name: 'needed', type: 'string', label: 'x', required: true }];
    project.task('Own', '', { id, inputs });
    const copies = Array.from({ length: 60 }, (_, index) => ({
      ...agentPhase([]),
      phaseType: `kind${index}`,
    }));
    const more = { artifacts: [artifact('build', {}, { type: 'Build' })] };
    const phases = [agentPhase([task(id, 'Own')])];
    const whole = definition([stage('A', [], { deployPhases: [...copies, ...phases] })], more);
    const { plan: read, problems, said } = await inspect(project, whole);
    assert.equal(said.filter((line) => line.includes('A job of the type')).length, 60);
    assert.equal(read.stages[0]?.phases.length, 1);
    const runnable = definition([stage('A', [], { deployPhases: phases })], more);
    await assert.rejects(release(project, runnable, { problems, deploy: ['Nowhere'] }), (error) => {
      const words = wordsFor(error).join('\n');
      for (const part of [
        "'kind59'",
        "no stage 'Nowhere'",
        'requires this input',
        "type 'Build' is not fetched",
      ])
        assert.ok(words.includes(part), `${part}\n${words}`);
      return true;
    });
  });
});
