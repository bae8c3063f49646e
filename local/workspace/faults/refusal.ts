import type { WorkspaceContext } from '../context.ts';
import type { FailureReply } from '../server/answers.ts';
import type { FaultEffect } from './rule.ts';

/** What a request is answered instead of being carried out. */
interface Refusal extends Pick<FailureReply, 'code' | 'message'> {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Instead of ARM's envelope. */
  readonly body?: unknown;
}

/** The answer that a fault stands for; undefined for faults that let the request be carried out. */
export function refusalFor(
  effect: FaultEffect,
  context: WorkspaceContext,
  path: string,
): Refusal | undefined {
  switch (effect.fault) {
    case 'answer':
      return answered(effect);
    case 'throttle':
      return throttled(effect.retryAfterInSeconds);
    case 'expire-token':
      return tokenExpired(context);
    case 'quota':
      return outOfQuota(effect, path);
    case 'delay':
    case 'drop':
    case 'cut':
    case 'slow-provisioning':
    case 'image-build-failure':
      return undefined;
  }
}

function answered({
  status,
  code,
  message,
  headers,
  body,
}: Extract<FaultEffect, { fault: 'answer' }>): Refusal {
  return {
    status,
    code: code ?? (status >= 500 ? 'ServiceError' : 'UserError'),
    message: message ?? `A fault was asked for that answers ${status}.`,
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined ? {} : { body }),
  };
}

/** As Resource Manager throttles. */
function throttled(seconds: number): Refusal {
  return {
    status: 429,
    code: 'TooManyRequests',
    message: `The number of requests is over its limit. Please try again after ${seconds} seconds.`,
    headers: { 'retry-after': String(seconds) },
  };
}

function tokenExpired({ urls, identity }: WorkspaceContext): Refusal {
  const message = 'The access token is not valid or has expired.';
  const challenge = `Bearer authorization_uri="${urls.api}/${identity.tenantId}", error="invalid_token", error_description="${message}"`;
  return {
    status: 401,
    code: 'InvalidAuthenticationToken',
    message,
    headers: { 'www-authenticate': challenge },
  };
}

/** Deployments are refused by the service behind Resource Manager, with a code of its own. */
function outOfQuota({ code, message }: Extract<FaultEffect, { fault: 'quota' }>, path: string): Refusal {
  const ofDeployment = /\/deployments\//.test(path);
  return {
    status: 400,
    code: code ?? (ofDeployment ? 'OutOfQuota' : 'QuotaExceeded'),
    message: message ?? 'Not enough quota available. Ask for more, or free some of what is used.',
  };
}
