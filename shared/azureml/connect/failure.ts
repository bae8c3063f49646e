import { reasonIn } from './details.ts';
import { messageOf, Problem, type ProblemCode, type ServiceReply } from '../../problem/index.ts';

/** Members of an answer that failures are made from; both SDK responses and our own have them. */
export interface FailedAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | undefined };
  readonly bodyAsText?: string | null | undefined;
  readonly request?: { readonly method: string; readonly url: string };
}

/** The Problem for an answer that is not 2xx. `what` says what was being done: "Reading job 'x'". */
export function problemFromAnswer(what: string, answer: FailedAnswer): Problem {
  const reply = replyOf(answer);
  const code = codeOf(answer.status, reply);
  const next = nextStep(code, reply);
  return new Problem({
    code,
    message: `${what} failed: ${wordsOf(code, reply)}`,
    reply,
    ...(next && { next }),
  });
}

/** The Problem for whatever an SDK call threw; a Problem is passed on as it is. */
export function problemFromError(what: string, error: unknown, abortSignal?: AbortSignal): Error {
  if (error instanceof Problem) return error;
  if (isAbort(error)) return abortProblem(what, error, abortSignal);
  const response = answerOf(error);
  if (response) return problemFromAnswer(what, response);
  const signIn = signInReply(error);
  if (signIn) {
    return new Problem({
      code: 'sign-in',
      message: `${what} failed: signing in was refused.`,
      reply: signIn,
      next: 'Check the service connection: its secret, certificate or federated credential, and its tenant.',
      cause: error,
    });
  }
  return networkProblem(what, error);
}

/** The pipeline aborts a request also when its own time is up; that is told from a cancelled task by the task's signal. */
function abortProblem(what: string, error: unknown, abortSignal: AbortSignal | undefined): Error {
  if (abortSignal?.reason instanceof Problem) return abortSignal.reason;
  if (!abortSignal || abortSignal.aborted)
    return new Problem({ code: 'cancelled', message: `${what} was cancelled.`, cause: error });
  return new Problem({
    code: 'network',
    message: `${what} failed: the service did not answer in time.`,
    next: 'Run the step again; if it stays, check firewall and proxy between the agent and the service.',
    cause: error,
  });
}

function networkProblem(what: string, error: unknown): Problem {
  const code = errorCode(error);
  const isTls = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|SSL|TLS/.test(code ?? '');
  const isNetwork = isTls || /^(E[A-Z]+|REQUEST_SEND_ERROR|PARSE_ERROR)$/.test(code ?? '');
  if (!isNetwork)
    return new Problem({ code: 'internal', message: `${what} failed: ${messageOf(error)}`, cause: error });
  return new Problem({
    code: 'network',
    message: `${what} failed: no answer (${code}): ${messageOf(error)}.`,
    next: isTls
      ? "Give the agent the issuing CA (Agent.CAInfo or NODE_EXTRA_CA_CERTS) so that it trusts the server's certificate."
      : 'Check that the agent reaches this host: name resolution, firewall, proxy and its bypass list.',
    cause: error,
  });
}

function answerOf(error: unknown): FailedAnswer | undefined {
  if (typeof error !== 'object' || error === null || !('response' in error)) return undefined;
  const response = error.response;
  return typeof response === 'object' && response !== null && 'status' in response && 'headers' in response
    ? (response as FailedAnswer)
    : undefined;
}

/** @azure/identity throws AuthenticationError with Entra's own answer, or wraps it; CredentialUnavailableError for none. */
function signInReply(error: unknown): ServiceReply | undefined {
  if (!(error instanceof Error) || !/Authentication|CredentialUnavailable/.test(error.name)) return undefined;
  const answer = 'errorResponse' in error ? (error.errorResponse as Record<string, unknown>) : {};
  const status = 'statusCode' in error ? Number(error.statusCode) : undefined;
  const text = (value: unknown): string | undefined =>
    typeof value === 'string' && value ? value : undefined;
  const said = text(answer['errorDescription']) ?? error.message;
  const message = entraSentence(said) ?? said.split(/\r?\n/)[0];
  const code = /AADSTS\d+/.exec(said)?.[0] ?? text(answer['error']);
  const correlationId = text(answer['correlationId']) ?? /Correlation ID: ([\w-]+)/.exec(said)?.[1];
  return {
    ...(status && { status }),
    ...(code && { code }),
    ...(message && { message }),
    ...(correlationId && { correlationId }),
  };
}

/** Sign-in libraries put numbers, times and ids around what Entra ID says, some of them twice. */
function entraSentence(said: string): string | undefined {
  return /AADSTS\d+: (.*?)(?=\s+(?:Trace ID|Correlation ID|Timestamp):|[\r\n]|$)/.exec(said)?.[1];
}

function replyOf(answer: FailedAnswer): ServiceReply {
  const { code, message } = envelopeOf(answer.bodyAsText ?? '');
  const requestId = answer.headers.get('x-ms-request-id');
  const correlationId =
    answer.headers.get('x-ms-correlation-request-id') ?? answer.headers.get('x-ms-client-request-id');
  return {
    status: answer.status,
    ...(code && { code }),
    ...(message && { message }),
    ...(requestId && { requestId }),
    ...(correlationId && { correlationId }),
  };
}

/** ARM and run history answer `{error:{code,message}}`, MLflow `{error_code,message}`, storage XML. */
function envelopeOf(body: string): { code?: string; message?: string } {
  const xml = /<Code>([^<]*)<\/Code>\s*<Message>([^<]*)/.exec(body);
  if (xml) return { code: xml[1]!, message: xml[2]!.split('\n')[0]! };
  try {
    const json = JSON.parse(body) as {
      error?: { code?: string; message?: string; details?: unknown };
      error_code?: string;
      message?: string;
    };
    const reason = reasonIn(json.error?.details);
    const code = reason.code ?? json.error?.code ?? json.error_code;
    const message = reason.message ?? json.error?.message ?? json.message;
    return { ...(code && { code }), ...(message && { message }) };
  } catch {
    return body ? { message: body.slice(0, 500) } : {};
  }
}

function codeOf(status: number, reply: ServiceReply): ProblemCode {
  if (isAboutQuota(reply)) return 'quota';
  switch (status) {
    case 401:
      return 'sign-in';
    case 403:
      return 'forbidden';
    case 404:
      return 'not-found';
    case 409:
    case 412:
      return 'conflict';
    case 400:
    case 422:
      return 'input';
    default:
      return 'service';
  }
}

/** Codes and sentences of Azure ML's quota and capacity failures; a bad value for `capacity` is none of them. */
export function isAboutQuota({ code = '', message = '' }: ServiceReply): boolean {
  const wholesale =
    /OutOfQuota|QuotaExceeded|OutOfCapacity|NoCapacity|SkuNotAvailable|OverconstrainedAllocation|AllocationFailed/i;
  const sentence =
    /\bquota\b|\b(?:out of|no|not enough|insufficient|lack of|exceed\w*) (?:\w+ ){0,2}capacity\b/i;
  return wholesale.test(`${code} ${message}`) || sentence.test(message);
}

function wordsOf(code: ProblemCode, reply: ServiceReply): string {
  const said = reply.message ? ` ${reply.message}` : ` (status ${reply.status}).`;
  switch (code) {
    case 'sign-in':
      return `the token was not accepted (401).${said}`;
    case 'forbidden':
      return `the service connection may not do this (403).${said}`;
    case 'not-found':
      return `there is no such thing (404).${said}`;
    case 'conflict':
      return `somebody else is changing it, or the name is taken (${reply.status}).${said}`;
    case 'quota':
      return `quota or capacity is used up (${reply.status}).${said}`;
    default:
      return `the service answered ${reply.status}.${said}`;
  }
}

function nextStep(code: ProblemCode, reply: ServiceReply): string | undefined {
  switch (code) {
    case 'sign-in':
      return 'Check the service connection and the tenant it signs in to.';
    case 'forbidden': {
      const action = /action '([^']+)'/.exec(reply.message ?? '')?.[1];
      const right = action ? `the action ${action}` : 'this action';
      return `Give the service connection's identity a role on the workspace that allows ${right}, for example AzureML Data Scientist.`;
    }
    case 'not-found':
      return 'Check the names: subscription, resource group, workspace and the resource itself.';
    case 'quota':
      return 'Free capacity, choose another size or compute, or ask for more quota.';
    case 'conflict':
      return 'Run the step again once the other change is done.';
    case 'input':
      return 'Correct what the service names, and run the step again.';
    case 'service':
      return 'Run the step again; if it stays, give the request id to Azure support.';
    default:
      return undefined;
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

function errorCode(error: unknown): string | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return undefined;
}
