import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDefaultHttpClient, createEmptyPipeline } from '@azure/core-rest-pipeline';
import { createLogReader, type LogReader } from '../../../shared/azureml/resources/logs.ts';
import { Problem } from '../../../shared/problem/index.ts';

/** Serves a growing file by ranges, as blob storage does, and counts what it sends. */
async function startLog() {
  const log = { content: Buffer.alloc(0), status: 206, bytesSent: 0 };
  const server = http.createServer((request, response) => {
    const [, first = '0', last = '0'] = /bytes=(\d+)-(\d+)/.exec(String(request.headers['x-ms-range'])) ?? [];
    if (log.status !== 206) return response.writeHead(log.status).end();
    if (Number(first) >= log.content.length) return response.writeHead(416).end();
    const part = log.content.subarray(Number(first), Number(last) + 1);
    log.bytesSent += part.length;
    return response.writeHead(206).end(part);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const reader = createLogReader(createEmptyPipeline(), plainClient());
  const lines = (atEnd = false): Promise<string[]> => collect(reader, url, atEnd);
  const stop = () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections()));
  return {
    log,
    lines,
    stop,
    append: (text: string | Buffer) => void (log.content = Buffer.concat([log.content, Buffer.from(text)])),
  };
}

function plainClient() {
  const client = createDefaultHttpClient();
  return {
    sendRequest: (request: Parameters<typeof client.sendRequest>[0]) =>
      client.sendRequest(Object.assign(request, { allowInsecureConnection: true })),
  };
}

async function collect(reader: LogReader, url: string, atEnd: boolean): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of reader.read(url, { atEnd })) lines.push(line);
  return lines;
}

describe('The reader of job logs', () => {
  let served: Awaited<ReturnType<typeof startLog>>;
  beforeEach(async () => {
    served = await startLog();
  });
  afterEach(() => served.stop());

  it('fetches only what is new, and gives a line when its end has come', async () => {
    served.append('one\ntw');
    assert.deepEqual(await served.lines(), ['one']);
    assert.deepEqual(await served.lines(), []);
    served.append('o\r\nthree');
    assert.deepEqual(await served.lines(), ['two']);
    assert.deepEqual(await served.lines(true), ['three']);
    assert.deepEqual(await served.lines(true), []);
    assert.equal(served.log.bytesSent, served.log.content.length);
  });

  it('puts characters together that were cut between two looks', async () => {
    const bytes = Buffer.from('grüße\n');
    served.append(bytes.subarray(0, 3));
    assert.deepEqual(await served.lines(), []);
    served.append(bytes.subarray(3));
    assert.deepEqual(await served.lines(), ['grüße']);
  });

  it('reads a large log in parts and a line without end in pieces', async () => {
    served.append(`${'x'.repeat(150)}\n`.repeat(20_000));
    assert.equal((await served.lines()).length, 20_000);
    served.append('y'.repeat(3_000_000));
    const pieces = await served.lines(true);
    assert(pieces.every((piece) => piece.length <= 64 * 1024));
    assert.equal(pieces.join('').length, 3_000_000);
    assert.equal(served.log.bytesSent, served.log.content.length);
  });

  it('shows of a progress bar what would stay on a screen, wherever its bytes are cut', async () => {
    served.append(' 1 %\r 2 %\r');
    assert.deepEqual(await served.lines(), []);
    served.append(' 3 %');
    assert.deepEqual(await served.lines(), []);
    served.append('\r\nnext\r');
    assert.deepEqual(await served.lines(), [' 3 %']);
    served.append('\n');
    assert.deepEqual(await served.lines(), ['next']);
  });

  it('waits for a file that is not there, and tells one that may not be read', async () => {
    served.log.status = 404;
    assert.deepEqual(await served.lines(), []);
    served.log.status = 403;
    await assert.rejects(
      served.lines(),
      (error: unknown) => error instanceof Problem && error.code === 'forbidden',
    );
  });
});
