import tls from 'node:tls';
import { Agent, request } from 'undici';
import { messageOf, Problem } from '../../../shared/problem/index.ts';
import type { ServerAnswer } from './success.ts';

export interface OutgoingRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends what a task without code asks for. */
export type Send = (request: OutgoingRequest, signal: AbortSignal) => Promise<ServerAnswer>;

/** The service gives up on an answer after this long. */
const LONGEST_ANSWER_IN_MS = 20_000;
const LARGEST_ANSWER_IN_BYTES = 4 * 1024 ** 2;
const METHODS = ['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'PATCH'] as const;

/** `ca`: PEM of what is trusted beside Node's own roots. */
export function createSend(ca: readonly string[]): Send {
  const dispatcher = new Agent({ connect: { ca: [...tls.rootCertificates, ...ca] } });
  return async ({ url, method, headers, body }, signal) => {
    const limit = AbortSignal.timeout(LONGEST_ANSWER_IN_MS);
    try {
      const answer = await request(addressOf(url), {
        method: methodOf(method),
        headers: { accept: 'application/json', ...headers },
        ...(body !== '' && { body }),
        signal: AbortSignal.any([signal, limit]),
        dispatcher,
      });
      return { status: answer.statusCode, headers: flat(answer.headers), text: await textOf(answer.body) };
    } catch (error) {
      if (error instanceof Problem || signal.aborted) throw error;
      throw limit.aborted ? tooLate(url) : unreachable(url, error);
    }
  };
}

function addressOf(url: string): string {
  if (/^https?:\/\//i.test(url) && URL.canParse(url)) return url;
  throw new Problem({
    code: 'input',
    message: `The task would send its request to '${url}', which is no web address.`,
    next: 'Check the connection and the inputs that make up the address.',
  });
}

function methodOf(method: string): (typeof METHODS)[number] {
  const known = METHODS.find((one) => one === method.toUpperCase());
  if (known) return known;
  throw new Problem({ code: 'input', message: `'${method}' is no HTTP method.` });
}

async function textOf(body: AsyncIterable<unknown>): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body) {
    const bytes = Buffer.from(part as Uint8Array);
    size += bytes.length;
    if (size > LARGEST_ANSWER_IN_BYTES)
      throw new Problem({ code: 'service', message: 'The answer is larger than 4 MB.' });
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString('utf8');
}

function flat(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : (value ?? []).join(', '),
    ]),
  );
}

function tooLate(url: string): Problem {
  return new Problem({
    code: 'timeout',
    message: `${hostOf(url)} gave no answer within 20 s, the longest a task without an agent may take.`,
    next: 'Let the other side answer at once and call back when it is done.',
  });
}

function unreachable(url: string, cause: unknown): Problem {
  return new Problem({
    code: 'network',
    message: `${hostOf(url)} cannot be reached: ${messageOf(cause)}.`,
    next: 'A task without an agent calls from outside: an address behind a private link or firewall is out of its reach.',
    cause,
  });
}

function hostOf(url: string): string {
  return new URL(url).host;
}
