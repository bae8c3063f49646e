import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { openLab, type Lab } from '../../services/jobs/lab.ts';

describe('An input from the web', () => {
  let lab: Lab;
  let server: http.Server;
  let origin: string;
  before(async () => {
    server = http.createServer((request, response) => {
      if (request.url === '/data/iris.csv?v=1') response.end('sepal,petal\n');
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

  it('that cannot be had fails the job with the address and the reason', async () => {
    await submit('gone', `${origin}/none.csv`);
    assert.equal((await lab.ended('gone')).properties.status, 'Failed');
    assert.match(
      (await lab.details('gone')).error.error.message,
      /input 'd' could not be downloaded from http:\/\/127\.0\.0\.1:\d+\/none\.csv: the server answered 404 Not Found/,
    );
  });
});
