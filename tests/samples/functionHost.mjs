/** Stands in for the host of Azure Functions: loads a function as it is and answers its HTTP trigger on loopback. */
import { createServer } from 'node:http';
import Module from 'node:module';
import { pathToFileURL } from 'node:url';

const registered = [];
// What the host gives the programming model under this name.
const core = {
  version: '1.0.0',
  setProgrammingModel: () => undefined,
  registerFunction: (metadata, handler) => void registered.push({ metadata, handler }),
  registerHook: () => undefined,
  log: () => undefined,
};
const load = Module._load;
Module._load = (name, ...rest) => (name === '@azure/functions-core' ? core : load(name, ...rest));

await import(pathToFileURL(process.argv[2]).href);
const [{ metadata, handler }] = registered;
const { default: functions } = await import('@azure/functions');
const [trigger] = Object.values(metadata.bindings);
const log = (line) => process.stderr.write(`${line}\n`);

const server = createServer((incoming, outgoing) => {
  const chunks = [];
  incoming.on('data', (chunk) => chunks.push(chunk));
  incoming.on('end', async () => {
    if (!trigger.methods.includes(incoming.method)) return outgoing.writeHead(404).end();
    const request = new functions.HttpRequest({
      method: incoming.method,
      url: `http://localhost${incoming.url}`,
      headers: incoming.headers,
      body: { string: Buffer.concat(chunks).toString() },
    });
    try {
      const { status = 200, jsonBody } = await handler(request, { log, warn: log });
      const type = jsonBody === undefined ? {} : { 'content-type': 'application/json' };
      outgoing.writeHead(status, type).end(jsonBody === undefined ? '' : JSON.stringify(jsonBody));
    } catch (error) {
      log(error.message);
      outgoing.writeHead(500).end();
    }
  });
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  process.stdout.write(`http://localhost:${port}/api/${trigger.route ?? metadata.name}\n`);
});
