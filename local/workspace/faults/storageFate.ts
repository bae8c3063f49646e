import { isOnRequest, type FaultEffect } from './rule.ts';

/** What becomes of a request to blob storage, as the storage process carries it out. */
export interface StorageFate {
  readonly delayInMs: number;
  /** Absent: the request goes on unharmed. */
  readonly end?:
    | { readonly kind: 'drop'; readonly when: 'before' | 'after' }
    | { readonly kind: 'cut'; readonly after: number }
    | StorageRefusal;
}

interface StorageRefusal {
  readonly kind: 'refuse';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What effects come to for a request to blob storage. */
export function storageFateOf(effects: readonly FaultEffect[], now: Date): StorageFate {
  const delays = effects.map((effect) => (effect.fault === 'delay' && effect.inMs) || 0);
  const first = effects.find(isOnRequest);
  const end = first && endOf(first, now);
  return { delayInMs: delays.reduce((sum, delay) => sum + delay, 0), ...(end ? { end } : {}) };
}

function endOf(effect: FaultEffect, now: Date): StorageFate['end'] {
  switch (effect.fault) {
    case 'drop':
      return { kind: 'drop', when: effect.when };
    case 'cut':
      return { kind: 'cut', after: effect.after };
    case 'throttle': {
      const headers = { 'retry-after': String(effect.retryAfterInSeconds) };
      return refusal(now, { status: 503, code: 'ServerBusy', message: 'The server is busy.', headers });
    }
    case 'expire-token':
      return refusal(now, EXPIRED);
    case 'answer':
      return answered(effect, now);
    default:
      return undefined;
  }
}

/** What storage says to a signature whose time is over. */
const EXPIRED = {
  status: 403,
  code: 'AuthenticationFailed',
  message:
    'Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.',
  detail: 'Signature not valid in the specified time frame',
};

function answered(effect: Extract<FaultEffect, { fault: 'answer' }>, now: Date): StorageRefusal {
  const { status, headers = {}, body } = effect;
  const code = effect.code ?? (status >= 500 ? 'InternalError' : 'InvalidInput');
  const message = effect.message ?? `A fault was asked for that answers ${status}.`;
  const refused = refusal(now, { status, code, message, headers });
  if (body === undefined) return refused;
  return { ...refused, body: typeof body === 'string' ? body : JSON.stringify(body), headers };
}

interface StorageError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly detail?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Storage's own envelope, which is XML. */
function refusal(now: Date, { status, code, message, detail, headers = {} }: StorageError): StorageRefusal {
  const requestId = crypto.randomUUID();
  const words = escaped(`${message}\nRequestId:${requestId}\nTime:${now.toISOString()}`);
  const why = detail === undefined ? '' : `<AuthenticationErrorDetail>${detail}</AuthenticationErrorDetail>`;
  return {
    kind: 'refuse',
    status,
    headers: {
      'content-type': 'application/xml',
      'x-ms-error-code': code,
      'x-ms-request-id': requestId,
      ...headers,
    },
    body: `<?xml version="1.0" encoding="utf-8"?><Error><Code>${escaped(code)}</Code><Message>${words}</Message>${why}</Error>`,
  };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
