/**
 * Stands before the blob service's own handler and carries out what the parent decides for a request. `ask` is called only
 * while `gate.closed`: without faults every request goes straight on.
 */
export function standBefore(server, { account, ownAgent, ask }) {
  const gate = { closed: false };
  const [handle] = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    // The workspace's own reading and writing is behind the service's walls.
    const isOwn = request.headers['user-agent']?.startsWith(ownAgent);
    if (!gate.closed || isOwn) return handle(request, response);
    void ask({ method: request.method, path: pathOf(request, account) }).then(({ delayInMs, end }) => {
      const go = () => carryOut(end, request, response, handle);
      if (delayInMs > 0) setTimeout(go, delayInMs);
      else go();
    });
  });
  return gate;
}

function carryOut(end, request, response, handle) {
  switch (end?.kind) {
    case 'refuse':
      // What was not read of the body cannot stay in a connection that is used again.
      response.writeHead(end.status, { ...end.headers, connection: 'close' });
      return response.end(request.method === 'HEAD' ? undefined : end.body);
    case 'drop':
      if (end.when === 'before') return request.socket.destroy();
      dropAtEnd(request, response);
      return handle(request, response);
    case 'cut':
      cutWithin(request, response, end.after);
      return handle(request, response);
    default:
      return handle(request, response);
  }
}

/** The work is done and nothing of the answer is sent. */
function dropAtEnd(request, response) {
  response.writeHead = () => response;
  response.flushHeaders = () => {};
  response.write = (_chunk, ...rest) => {
    rest.find((one) => typeof one === 'function')?.();
    return true;
  };
  response.end = () => {
    request.socket.destroy();
    return response;
  };
}

/** Sends so much of the body and closes the connection; an answer without a body is not sent at all. */
function cutWithin(request, response, after) {
  const [write, end] = [response.write.bind(response), response.end.bind(response)];
  let left;
  const cut = (chunk) => {
    left ??= Math.floor(Number(response.getHeader('content-length') ?? chunk.length) * after);
    const part = chunk.subarray(0, left);
    left -= part.length;
    if (part.length === chunk.length) return write(part);
    response.write = () => true;
    response.end = () => response;
    response.flushHeaders();
    const close = () => request.socket.destroy();
    if (part.length === 0) setImmediate(close);
    else write(part, close);
    return true;
  };
  response.write = (chunk, encoding) =>
    cut(Buffer.from(chunk, typeof encoding === 'string' ? encoding : undefined));
  response.end = (chunk) => {
    const isText = typeof chunk === 'string' || Buffer.isBuffer(chunk);
    if (isText && chunk.length > 0) cut(Buffer.from(chunk));
    if (left === undefined) request.socket.destroy();
    else end();
    return response;
  };
}

/** The container and the blob, wherever the account stands: in the host's name or first in the path. */
function pathOf({ url, headers }, account) {
  const path = decoded(url.split('?')[0]).replace(/^\//, '');
  const isInHost = headers.host?.startsWith(`${account}.`);
  return !isInHost && path.startsWith(`${account}/`) ? path.slice(account.length + 1) : path;
}

function decoded(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
