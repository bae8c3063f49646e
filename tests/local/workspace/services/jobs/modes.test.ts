import assert from 'node:assert/strict';
import { openLab, type Lab } from './lab.ts';

const STORE = 'azureml://datastores/workspaceblobstore/paths';

describe('The modes of inputs and outputs', () => {
  let lab: Lab;
  before(async () => {
    lab = await openLab();
    await lab.upload(
      'table/MLTable',
      'paths:\n  - file: ./a.csv\n  - pattern: ./more/*.csv\n  - folder: ' + `${STORE}/aside/\n`,
    );
    await lab.upload('table/a.csv', 'a');
    await lab.upload('table/unnamed.csv', 'x');
    await lab.upload('table/more/b.csv', 'b');
    await lab.upload('table/more/b.txt', 'x');
    await lab.upload('aside/c.csv', 'c');
  });
  after(() => lab.stop());

  const run = async (name: string, properties: object): Promise<string> => {
    const { status, text } = await lab.submit(name, properties);
    assert.equal(status, 201, text);
    const job = await lab.ended(name);
    assert.equal(job.properties.status, 'Completed', JSON.stringify((await lab.details(name)).error));
    return lab.log(name);
  };

  it('bring a table as it is, or the files it names when it is to be evaluated', async () => {
    const input = { jobInputType: 'mltable', uri: `${STORE}/table/` };
    const command = 'cd ${{inputs.t}} && find . -type f | sort | tr "\\n" " "';
    assert.match(
      await run('mounted', { command, inputs: { t: { ...input, mode: 'ReadOnlyMount' } } }),
      /\.\/MLTable/,
    );
    assert.equal(
      await run('evaluated', { command, inputs: { t: { ...input, mode: 'EvalMount' } } }),
      './a.csv ./aside/c.csv ./more/b.csv ',
    );
  });

  it('give the address of an asset where it is read directly', async () => {
    await lab.put('/data/table/versions/1', { dataType: 'uri_folder', dataUri: `${STORE}/table/` });
    const inputs = {
      t: { jobInputType: 'uri_folder', uri: `${lab.id}/data/table/versions/1`, mode: 'Direct' },
    };
    assert.equal(await run('direct', { command: 'echo ${{inputs.t}}', inputs }), `${STORE}/table/\n`);
  });

  it('show in a mounted output what is there, and in an uploaded one nothing', async () => {
    const command = 'ls ${{outputs.o}}; echo new > ${{outputs.o}}/new.txt';
    const output = (mode: string) => ({ o: { jobOutputType: 'uri_folder', uri: `${STORE}/aside/`, mode } });
    assert.equal(await run('uploaded', { command, outputs: output('Upload') }), '');
    assert.equal(await run('written', { command, outputs: output('ReadWriteMount') }), 'c.csv\nnew.txt\n');
    assert.equal(await lab.blob('aside/c.csv'), 'c');
  });

  it('register a named output under its name and version', async () => {
    const outputs = { o: { jobOutputType: 'custom_model', assetName: 'kept', assetVersion: '7' } };
    await run('named', { command: 'echo m > ${{outputs.o}}/m.txt', outputs });
    const model = await lab.send('GET', lab.url('/models/kept/versions/7'));
    assert.equal(model.json.properties.jobName, 'named', model.text);
  });
});
