/** Loaded into a task by --require: counts the bytes it fetches and sends, by address, and writes them down when it ends. */
const channel = require('node:diagnostics_channel');
const { writeFileSync } = require('node:fs');
const { Readable } = require('node:stream');

const counts = {};
const countOf = (request) => {
  const address = `${request.method} ${request.host}${request.path.split('?')[0]}`;
  return (counts[address] ??= { requests: 0, fetched: 0, sent: 0 });
};

channel.subscribe('http.client.request.start', ({ request }) => {
  const count = countOf(request);
  count.requests += 1;
  count.sent += Number(request.getHeader('content-length') ?? 0);
});
channel.subscribe('http.client.response.finish', ({ request, response }) => {
  const count = countOf(request);
  response.push = function (chunk, encoding) {
    count.fetched += chunk?.length ?? 0;
    return Readable.prototype.push.call(this, chunk, encoding);
  };
});
process.on('exit', () => writeFileSync(process.env.BENCH_TRAFFIC_FILE, JSON.stringify(counts)));
