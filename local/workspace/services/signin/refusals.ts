import { randomUUID } from 'node:crypto';

/** What the token endpoint refuses, with the number Entra ID gives it. */
export interface Refusal {
  readonly status: 400 | 401;
  readonly error: string;
  readonly number: number;
  readonly message: string;
}

function refusal(status: 400 | 401, error: string, number: number): (message: string) => Refusal {
  return (message) => ({ status, error, number, message });
}

export const unknownTenant = refusal(400, 'invalid_request', 90002);
export const unknownApplication = refusal(400, 'unauthorized_client', 700016);
export const unsupportedGrant = refusal(400, 'unsupported_grant_type', 70003);
export const missingParameter = refusal(400, 'invalid_request', 900144);
export const invalidScope = refusal(400, 'invalid_scope', 1002012);
export const missingCredential = refusal(401, 'invalid_client', 7000218);
export const wrongSecret = refusal(401, 'invalid_client', 7000215);
export const malformedAssertion = refusal(401, 'invalid_client', 50027);
export const invalidAssertion = refusal(401, 'invalid_client', 700027);
export const expiredAssertion = refusal(401, 'invalid_client', 700024);
export const wrongAssertionAudience = refusal(401, 'invalid_client', 700023);
export const unknownIssuer = refusal(401, 'invalid_client', 700211);
export const unknownAudience = refusal(401, 'invalid_client', 700212);
export const unknownSubject = refusal(401, 'invalid_client', 700213);

/** The refusal as Entra ID writes it; clients show `error_description` and branch on the codes. */
export function refusalBody({ error, number, message }: Refusal, now: Date): object {
  const [traceId, correlationId] = [randomUUID(), randomUUID()];
  const timestamp = now
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
  return {
    error,
    error_description: `AADSTS${number}: ${message} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [number],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
  };
}
