import assert from 'node:assert/strict';
import { publishedExamples } from '../../../scripts/conformance/examples/examples.ts';
import { clientOf, runExample } from '../../../scripts/conformance/examples/runExample.ts';
import { startTestWorkspace, type TestWorkspace } from '../../helpers/workspace.ts';

describe('The published hello-world jobs', () => {
  let workspace: TestWorkspace;
  before(async () => {
    workspace = await startTestWorkspace();
    await workspace.storageReady;
  });
  after(() => workspace.stop());

  it('are left out only for files and data that do not come with them', () => {
    const examples = publishedExamples();
    const runnable = examples.filter(({ leftOut }) => leftOut === undefined);
    assert.ok(runnable.length >= 20, `${runnable.length} of ${examples.length}`);
    assert.match(
      examples.find(({ name }) => name === 'hello-iris-file')?.leftOut ?? '',
      /local code.*data from outside/,
    );
  });

  for (const name of ['hello-world', 'hello-world-input', 'hello-world-output-data']) {
    it(`${name} runs to the end as it is`, async () => {
      const example = publishedExamples().find((one) => one.name === name);
      assert.ok(example);
      const outcome = await runExample(example, clientOf(workspace.address));
      assert.equal(outcome.status, 'Completed', outcome.reason);
    });
  }
});
