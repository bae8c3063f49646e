import assert from 'node:assert/strict';
import { openLab, type Lab } from './lab.ts';

describe('The job resource', () => {
  let lab: Lab;
  before(async () => {
    lab = await openLab();
    await lab.submit('done', {
      command: 'true',
      tags: { a: '1' },
      properties: { fixed: 'x' },
      experimentName: 'one',
      outputs: { o: { jobOutputType: 'uri_folder' } },
    });
    await lab.ended('done');
  });
  after(() => lab.stop());

  const get = async (name: string) => (await lab.send('GET', lab.url(`/jobs/${name}`))).json;
  const message = (answer: { json: { error: { message: string } } }) => answer.json.error.message;

  it('may be put back as it was read, with other names, tags and archived', async () => {
    const { properties } = await get('done');
    const changed = {
      ...properties,
      displayName: 'New',
      description: 'words',
      tags: { b: '2' },
      isArchived: true,
    };
    const answer = await lab.put('/jobs/done', changed);
    assert.equal(answer.status, 200, answer.text);
    const after = (await get('done')).properties;
    assert.deepEqual(
      [after.displayName, after.description, after.tags, after.isArchived],
      ['New', 'words', { b: '2' }, true],
    );
    assert.equal(after.status, 'Completed');
    await lab.put('/jobs/done', { ...properties, isArchived: false });
  });

  for (const [member, value] of [
    ['command', 'false'],
    ['environmentVariables', { A: '1' }],
    ['experimentName', 'two'],
    ['inputs', { x: { jobInputType: 'literal', value: '1' } }],
  ] as const) {
    it(`keeps its ${member}`, async () => {
      const { properties } = await get('done');
      const answer = await lab.put('/jobs/done', { ...properties, [member]: value });
      assert.equal(answer.status, 400);
      assert.equal(answer.json.error.code, 'UserError');
      assert.match(
        message(answer),
        new RegExp(`name 'done' already exists and its '${member}' cannot be changed`),
      );
    });
  }

  it('has properties that are only added to', async () => {
    const { properties } = await get('done');
    const added = await lab.put('/jobs/done', {
      ...properties,
      properties: { ...properties.properties, more: 'y' },
    });
    assert.equal(added.json.properties.properties.more, 'y');
    const changed = await lab.put('/jobs/done', { ...properties, properties: { fixed: 'z' } });
    assert.match(message(changed), /property 'fixed' of the job 'done' cannot be changed/);
  });

  it('is changed in parts by PATCH', async () => {
    const answer = await lab.send('PATCH', lab.url('/jobs/done'), {
      body: { properties: { tags: { c: '3' } } },
    });
    assert.deepEqual(answer.json.properties.tags, { c: '3' });
  });

  const plain = { command: 'true' };
  for (const [what, properties, reason] of [
    ['no type', { jobType: undefined, ...plain }, /'properties\.jobType' is required/],
    ['a type that does not exist', { jobType: 'Magic', ...plain }, /must be one of Command, Sweep/],
    ['no command', {}, /'properties\.command' is required/],
    ['no environment', { ...plain, environmentId: null }, /'properties\.environmentId' is required/],
    ['an unknown compute', { ...plain, computeId: '/x/computes/gpu' }, /Unknown compute target 'gpu'/],
    ['the compute local', { ...plain, computeId: 'local' }, /compute 'local'/],
    [
      'an unknown environment',
      { ...plain, environmentId: 'azureml:nope:3' },
      /environment 'nope:3' was not found/,
    ],
    [
      'unknown code',
      {
        ...plain,
        codeId:
          '/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/codes/c/versions/9',
      },
      /code 'c:9' was not found/,
    ],
    [
      'unknown data',
      { ...plain, inputs: { d: { jobInputType: 'uri_file', uri: 'azureml:table:4' } } },
      /data asset 'table:4' was not found/,
    ],
    [
      'an unknown model',
      { ...plain, inputs: { m: { jobInputType: 'custom_model', uri: 'azureml:m:1' } } },
      /model 'm:1' was not found/,
    ],
    [
      'an unknown datastore',
      { ...plain, inputs: { d: { jobInputType: 'uri_file', uri: 'azureml://datastores/lake/paths/x' } } },
      /datastore 'lake' was not found/,
    ],
    [
      'an address of no known form',
      { ...plain, inputs: { d: { jobInputType: 'uri_file', uri: 'somewhere' } } },
      /'somewhere' is of no form/,
    ],
    [
      'an input without a type',
      { ...plain, inputs: { d: { value: '1' } } },
      /'properties\.inputs\.d\.jobInputType' is required/,
    ],
    ['an input that is text', { ...plain, inputs: { d: '1' } }, /'properties\.inputs\.d' must be an object/],
    [
      'an input of a bad name',
      { ...plain, inputs: { '../d': { jobInputType: 'literal', value: '1' } } },
      /name '\.\.\/d' in properties\.inputs is not valid/,
    ],
    [
      'an undefined input in its command',
      { command: 'echo ${{inputs.x}}' },
      /'\$\{\{inputs\.x\}\}', which is not among the inputs/,
    ],
    [
      'a limit that is no duration',
      { ...plain, limits: { timeout: '5 minutes' } },
      /limits\.timeout' must be an ISO 8601 duration/,
    ],
    [
      'no nodes',
      { ...plain, resources: { instanceCount: 0 } },
      /instanceCount' must be a whole number above 0/,
    ],
    [
      'a step on an unknown compute',
      { jobType: 'Pipeline', jobs: { a: { computeId: '/x/computes/gpu' } } },
      /Unknown compute target 'gpu'/,
    ],
    [
      'an AutoML task that does not exist',
      { jobType: 'AutoML', taskDetails: { taskType: 'Magic' } },
      /taskDetails\.taskType' must be one of Classification/,
    ],
    [
      'an AutoML task without data',
      { jobType: 'AutoML', taskDetails: { taskType: 'Regression' } },
      /taskDetails\.trainingData' is required/,
    ],
    [
      'a Spark entry without a file',
      { jobType: 'Spark', codeId: 'c', entry: { sparkJobEntryType: 'SparkJobPythonEntry' } },
      /entry\.file' is required/,
    ],
    [
      'tags that are not text',
      { ...plain, tags: { a: 1 } },
      /'properties\.tags' must be an object whose values are strings/,
    ],
  ] as const) {
    it(`with ${what} is refused, and no job is made`, async () => {
      const answer = await lab.submit('refused', properties);
      assert.equal(answer.status, 400, answer.text);
      assert.equal(answer.json.error.code, 'UserError');
      assert.match(message(answer), reason);
      assert.equal((await lab.send('GET', lab.url('/jobs/refused'))).status, 404);
    });
  }

  it('has a name that is safe on disk', async () => {
    for (const name of ['..%2Fx', 'a.b', '-a', 'x'.repeat(256)]) {
      assert.equal((await lab.submit(name, plain)).status, 400, name);
    }
  });

  it('is listed newest first, in pages, by type, tag and view', async () => {
    for (let number = 0; number < 4; number += 1) {
      await lab.submit(`list_${number}`, {
        ...plain,
        tags: { even: String(number % 2 === 0) },
        isArchived: number === 3,
      });
    }
    const names = async (query: string) =>
      (await lab.send('GET', lab.url('/jobs', query))).json.value.map((job: { name: string }) => job.name);
    assert.deepEqual((await names('')).slice(0, 3), ['list_2', 'list_1', 'list_0']);
    assert.deepEqual(await names('&listViewType=ArchivedOnly'), ['list_3']);
    assert.deepEqual(await names('&tag=even=true'), ['list_2', 'list_0']);
    assert.deepEqual(await names('&jobType=Sweep'), []);
    const page = await lab.send('GET', lab.url('/jobs', '&$top=2'));
    assert.equal(page.json.value.length, 2);
    for (let number = 0; number < 4; number += 1) await lab.ended(`list_${number}`);
  });

  it('is deleted when its run has ended, and not before', async () => {
    await lab.submit('gone', { command: 'sleep 300' });
    await lab.reached('gone', 'Running');
    assert.equal((await lab.send('DELETE', lab.url('/jobs/gone'))).status, 409);
    await lab.send('POST', lab.url('/jobs/gone/cancel'));
    await lab.ended('gone');
    assert.equal((await lab.send('DELETE', lab.url('/jobs/gone'))).status, 200);
    assert.equal((await lab.send('DELETE', lab.url('/jobs/gone'))).status, 204);
    assert.equal((await lab.send('GET', lab.url('/jobs/gone'))).status, 404);
  });

  it('that does not exist is not found', async () => {
    assert.equal((await lab.send('GET', lab.url('/jobs/nobody'))).status, 404);
    assert.equal((await lab.send('POST', lab.url('/jobs/nobody/cancel'))).status, 404);
    assert.equal((await lab.send('GET', lab.plane('/history/v1.0', '/runs/nobody'))).status, 404);
  });
});
