import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { folderOf } from '../../../../../local/workspace/engine/jobs/command/folders.ts';
import { openLab, type Lab } from '../../services/jobs/lab.ts';

describe('An input from the web', () => {
  let lab: Lab;
  let server: http.Server;
  let origin: string;
  before(async () => {
    server = http.createServer((request, response) => {
      if (request.url === '/data/iris.csv?v=1') response.end('sepal,petal\n');
      else if (request.url === '/..%2F..%2F..%2Fup.csv') response.end('up\n');
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    lab = await openLab();
  });
  after(async () => {
    server.close();
    await lab.stop();
  });

  const submit = (name: string, uri: string) =>
    lab.submit(name, {
      command: 'cat ${{inputs.d}}; basename ${{inputs.d}}',
      inputs: { d: { jobInputType: 'uri_file', uri } },
    });

  it('is downloaded under the name of its address', async () => {
    await submit('web', `${origin}/data/iris.csv?v=1`);
    assert.equal((await lab.ended('web')).properties.status, 'Completed');
    assert.equal(await lab.log('web'), 'sepal,petal\niris.csv\n');
  });

  it('stays in the folder of the job, whatever its address encodes, and so do ports with odd names', async () => {
    await submit('up', `${origin}/..%2F..%2F..%2Fup.csv`);
    await lab.ended('up');
    assert.equal(await lab.log('up'), 'up\nup.csv\n');
    assert.equal((await readdir(path.join(lab.dataFolder, 'jobs'))).includes('up.csv'), false);
    assert.equal(folderOf('base', 'my-port_1'), path.join('base', 'my-port_1'));
    for (const name of ['../x', '..', 'a/b', '', 'a\\b'])
      assert.throws(() => folderOf('/base', name), /not valid/);
  });

  it('that cannot be had fails the job with the address and the reason', async () => {
    await submit('gone', `${origin}/none.csv`);
    assert.equal((await lab.ended('gone')).properties.status, 'Failed');
    assert.match(
      (await lab.details('gone')).error.error.message,
      /input 'd' could not be downloaded from http:\/\/127\.0\.0\.1:\d+\/none\.csv: the server answered 404 Not Found/,
    );
  });
});
