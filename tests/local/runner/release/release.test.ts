import assert from 'node:assert/strict';
import { assertValidRecord } from '../record/schema.ts';
import { createProject, removeProjects } from '../execute/harness.ts';
import {
  afterStage,
  agentPhase,
  approvedBy,
  bash,
  definition,
  intervention,
  serverPhase,
  stage,
} from './definitions.ts';
import { goOn, release } from './harness.ts';

after(removeProjects);

describe('a release', () => {
  it('deploys to its stages one after the other, and a failed one holds back those behind it', async () => {
    const project = createProject();
    const done = await release(
      project,
      definition([
        stage('Staging', [bash('echo "in $(Release.EnvironmentName) of $(Release.ReleaseName)"')]),
        stage('Production', [bash('exit 3')], { conditions: [afterStage('Staging')] }),
        stage('Elsewhere', [bash('echo never')], { conditions: [afterStage('Production')] }),
        stage('By hand', [bash('echo never')], { conditions: [] }),
      ]),
    );
    assert.deepEqual(done.stages(), {
      Staging: 'succeeded',
      Production: 'failed',
      Elsewhere: 'pending',
      'By hand': 'pending',
    });
    assert.match(done.log('Staging'), /in Staging of Release-1/);
    assert.deepEqual([done.outcome.state, done.record.result], ['completed', 'failed']);
    assertValidRecord(done.record);
  });

  it('waits at an approval nobody answers, and goes on where it stopped', async () => {
    const project = createProject();
    const waits = await release(
      project,
      definition([
        stage('Production', [bash('echo deployed')], { preDeployApprovals: approvedBy(['Grace']) }),
      ]),
    );
    assert.equal(waits.outcome.state, 'waiting');
    assert.deepEqual(waits.stages(), { Production: 'waiting' });
    const done = await goOn(project, waits.folder, { answers: { approve: 'all', reject: [] } });
    assert.deepEqual(done.stages(), { Production: 'succeeded' });
    assert.match(done.log('Production'), /deployed/);
  });

  it('asks at the terminal, shows what the steps before wrote, and keeps the answer with its words', async () => {
    const project = createProject();
    const page = 'echo "# Better by 3 points" > page.md; echo "##vso[task.uploadsummary]$PWD/page.md"';
    const done = await release(
      project,
      definition([
        stage('Plan', [bash(page)]),
        stage('Production', [bash('echo in')], {
          conditions: [afterStage('Plan')],
          preDeployApprovals: approvedBy(['Grace']),
          postDeployApprovals: approvedBy(['Linus']),
        }),
      ]),
      { answersTyped: ['yes', 'go', 'no', 'too slow'] },
    );
    assert.match(
      done.shown,
      /Approval before the deployment of the stage 'Production'[^]*Better by 3 points/,
    );
    assert.deepEqual(
      done.stage('Production').approvals.map((one) => [one.when, one.status, one.comment]),
      [
        ['before', 'approved', 'go'],
        ['after', 'rejected', 'too slow'],
      ],
    );
    assert.deepEqual(done.stages(), { Plan: 'succeeded', Production: 'failed' });
    assertValidRecord(done.record);
  });

  it('stops at a manual intervention until somebody says how it goes on', async () => {
    const project = createProject();
    const phases = [
      agentPhase([bash('echo before')], {}, 1),
      serverPhase([intervention('Look at $(Release.EnvironmentName).')], {}, 2),
      agentPhase([bash('echo after')], {}, 3),
    ];
    const plan = definition([stage('S', [], { deployPhases: phases })]);
    const waits = await release(project, plan);
    assert.deepEqual([waits.outcome.state, waits.stages()], ['waiting', { S: 'waiting' }]);
    assert.equal(waits.stage('S').approvals[0]?.instructions, 'Look at S.');
    const done = await goOn(project, waits.folder, { answers: { approve: 'all', reject: [] } });
    assert.deepEqual(done.stages(), { S: 'succeeded' });
    assert.deepEqual(
      done.stage('S').jobs.map((job) => job.steps.length),
      [1, 1, 1],
    );
    assertValidRecord(done.record);
  });
});
