import { Problem, type ProblemCode } from '../../../shared/problem/index.ts';

/** A refusal with the HTTP status and the code that Azure gives; thrown by any handler, worded once in `answerFailure`. */
export function failure(
  status: number,
  code: string,
  message: string,
  kind: ProblemCode = kindOf(status),
): Problem {
  return new Problem({ code: kind, message, reply: { status, code, message } });
}

/** Azure ML's own code for every fault of the client, 404 included. */
export function userError(message: string, status = 400): Problem {
  return failure(status, 'UserError', message);
}

export function notFound(what: string): Problem {
  return userError(`${what} was not found.`, 404);
}

export function conflict(message: string): Problem {
  return userError(message, 409);
}

function kindOf(status: number): ProblemCode {
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
    case 429:
      return 'quota';
    default:
      return status >= 500 ? 'service' : 'input';
  }
}
