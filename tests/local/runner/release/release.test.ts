import assert from 'node:assert/strict';
import { assertValidRecord } from '../record/schema.ts';
import { createProject, removeProjects } from '../execute/harness.ts';
import { afterStage, approvedBy, bash, definition, stage } from './definitions.ts';
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
});
