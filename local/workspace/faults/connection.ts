import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import type { WorkspaceEnv } from '../context.ts';

/** Closes the connection of a request without an answer. */
export function drop(request: Context<WorkspaceEnv>): Response {
  nodeOf(request).incoming.socket.destroy();
  return sent();
}

/** Sends the head of the answer and this part of its body, then closes the connection. */
export async function cutOff(request: Context<WorkspaceEnv>, part: number): Promise<Response> {
  const { outgoing, incoming } = nodeOf(request);
  const body = Buffer.from(await request.res.arrayBuffer());
  const headers = { ...Object.fromEntries(request.res.headers), 'content-length': String(body.length) };
  outgoing.writeHead(request.res.status, headers);
  const begun = body.subarray(0, Math.floor(body.length * part));
  outgoing.flushHeaders();
  outgoing.write(begun, () => incoming.socket.destroy());
  return sent();
}

function sent(): Response {
  return new Response(null, { headers: RESPONSE_ALREADY_SENT.headers });
}

/** The server hands its own request and response to every handler. */
function nodeOf(request: Context<WorkspaceEnv>): HttpBindings {
  return request.env as unknown as HttpBindings;
}
