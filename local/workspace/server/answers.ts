import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { messageOf, Problem, Problems, type ProblemCode } from '../../../shared/problem/index.ts';
import type { WorkspaceContext, WorkspaceEnv } from '../context.ts';

/** As long as storage that was ended waits at most before it is started again. */
const RETRY_AFTER_IN_SECONDS = '5';

/** What a failure comes to on the wire. */
export interface FailureReply {
  readonly status: ContentfulStatusCode;
  readonly code: string;
  readonly message: string;
}

/** Reads status and code from a thrown problem; anything else is the workspace's own mistake. */
export function replyFor(error: unknown): FailureReply {
  const problem = error instanceof Problems ? error.all[0] : error;
  if (!(problem instanceof Problem)) return isStorageAway(problem) ? storageAway() : internal();
  const status = problem.reply?.status ?? statusOf(problem.code);
  return {
    // Statuses come from `failure`, which is only called with statuses that carry a body.
    status: status as ContentfulStatusCode,
    code: problem.reply?.code ?? codeOf(status),
    message: messageOf(error),
  };
}

/** For problems that name no status of their own, such as storage that does not start. */
function statusOf(code: ProblemCode): number {
  switch (code) {
    case 'internal':
      return 500;
    case 'storage':
    case 'network':
    case 'service':
      return 503;
    case 'not-found':
      return 404;
    case 'conflict':
      return 409;
    default:
      return 400;
  }
}

function codeOf(status: number): string {
  if (status === 503) return 'ServiceUnavailable';
  return status >= 500 ? 'InternalServerError' : 'UserError';
}

/** The storage client's error after it has tried for a while. */
function isStorageAway(error: unknown): boolean {
  if (!(error instanceof Error && error.name === 'RestError' && 'code' in error)) return false;
  return /^(?:ECONN|EPIPE|ETIMEDOUT|REQUEST_SEND_ERROR)/.test(String(error.code));
}

function storageAway(): FailureReply {
  return {
    status: 503,
    code: 'ServiceUnavailable',
    message: 'The blob storage of the embedded workspace does not answer; it is started again.',
  };
}

function internal(): FailureReply {
  return {
    status: 500,
    code: 'InternalServerError',
    message:
      'The embedded workspace met an error of its own. The reason is in its log, workspace.log in the data folder.',
  };
}

/** ARM's error envelope, with the additional info Azure ML puts there. */
export function armError(reply: FailureReply, context: WorkspaceContext, requestId: string): object {
  return {
    error: {
      code: reply.code,
      message: reply.message,
      details: [],
      additionalInfo: [
        { type: 'ComponentName', info: { value: 'managementfrontend' } },
        { type: 'Correlation', info: { value: { operation: requestId, request: requestId } } },
        { type: 'Environment', info: { value: context.identity.location } },
        { type: 'Location', info: { value: context.identity.location } },
        { type: 'Time', info: { value: context.clock.now().toISOString() } },
      ],
    },
  };
}

/** Answers any thrown error with ARM's envelope; what is not a problem of the request goes to the log. */
export function answerFailure(
  error: unknown,
  context: WorkspaceContext,
  request: Context<WorkspaceEnv>,
): Response {
  const reply = replyFor(error);
  const requestId = request.get('requestId');
  if (reply.status >= 500) context.log(`${request.req.method} ${request.req.path}: ${detailOf(error)}`);
  const headers = reply.status === 503 ? { 'retry-after': RETRY_AFTER_IN_SECONDS } : {};
  return request.json(armError(reply, context, requestId), reply.status, headers);
}

function detailOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
