import { createHash, X509Certificate } from 'node:crypto';
import {
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  importX509,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
  type ProtectedHeaderParameters,
} from 'jose';
import { messageOf } from '../../../../shared/problem/index.ts';
import type { FederatedCredential, Principal } from './principals.ts';
import {
  expiredAssertion,
  invalidAssertion,
  malformedAssertion,
  unknownAudience,
  unknownIssuer,
  unknownSubject,
  wrongAssertionAudience,
  type Refusal,
} from './refusals.ts';

/** Clocks differ by so much at most, as Entra ID has it. */
const TOLERANCE_IN_SECONDS = 300;
const EXCHANGE_AUDIENCE = 'api://AzureADTokenExchange';
const CERTIFICATE_ALGORITHMS = ['RS256', 'PS256'];
const ISSUER_ALGORITHMS = ['RS256', 'PS256', 'ES256'];

export interface AssertionRules {
  /** Addresses of the token endpoint, any of which a certificate's assertion may be made out to. */
  readonly audiences: readonly string[];
  /** Issuers trusted for every principal, beside the principal's own. */
  readonly trustedIssuers: readonly string[];
  readonly now: Date;
}

/** Why an assertion does not prove that its sender is the principal; undefined when it does. */
export async function refusalOf(
  assertion: string,
  principal: Principal,
  rules: AssertionRules,
): Promise<Refusal | undefined> {
  const read = readAssertion(assertion);
  if (read === undefined) return malformedAssertion('The client assertion is not a JSON web token.');
  const { header, claims } = read;
  // A certificate's assertion is issued by the application itself; a federated one by somebody else.
  return claims.iss?.toLowerCase() === principal.clientId.toLowerCase()
    ? certificateRefusal(assertion, header, principal, rules)
    : federatedRefusal(assertion, claims, principal, rules);
}

function readAssertion(
  assertion: string,
): { header: ProtectedHeaderParameters; claims: JWTPayload } | undefined {
  try {
    return { header: decodeProtectedHeader(assertion), claims: decodeJwt(assertion) };
  } catch {
    return undefined;
  }
}

async function certificateRefusal(
  assertion: string,
  header: ProtectedHeaderParameters,
  principal: Principal,
  { audiences, now }: AssertionRules,
): Promise<Refusal | undefined> {
  const certificate = principal.certificates?.find((pem) => hasThumbprint(pem, header));
  if (certificate === undefined) {
    return invalidAssertion(
      `The certificate with the thumbprint '${String(header['x5t#S256'] ?? header.x5t)}' is not registered for application '${principal.clientId}'.`,
    );
  }
  const key = await importX509(certificate, header.alg ?? 'RS256');
  const options = {
    audience: [...audiences],
    subject: principal.clientId,
    currentDate: now,
    clockTolerance: TOLERANCE_IN_SECONDS,
    algorithms: CERTIFICATE_ALGORITHMS,
  };
  return jwtVerify(assertion, key, options).then(() => undefined, refusalFor);
}

function hasThumbprint(pem: string, header: ProtectedHeaderParameters): boolean {
  const { raw } = new X509Certificate(pem);
  const thumbprint = (algorithm: string) => createHash(algorithm).update(raw).digest('base64url');
  return header['x5t#S256'] === thumbprint('sha256') || header.x5t === thumbprint('sha1');
}

async function federatedRefusal(
  assertion: string,
  claims: JWTPayload,
  principal: Principal,
  { trustedIssuers, now }: AssertionRules,
): Promise<Refusal | undefined> {
  const records = [
    ...(principal.federated ?? []),
    ...trustedIssuers.map((issuer): FederatedCredential => ({ issuer })),
  ];
  const ofIssuer = records.filter((record) => sameIssuer(record.issuer, claims.iss));
  const presented = `The presented assertion has issuer '${String(claims.iss)}', subject '${String(claims.sub)}', audience '${String(claims.aud)}'.`;
  if (ofIssuer.length === 0) {
    return unknownIssuer(
      `No federated identity record of application '${principal.clientId}' matches the assertion's issuer. ${presented}`,
    );
  }
  const ofSubject = ofIssuer.filter(
    ({ subject }) => claims.sub && (subject === undefined || subject === claims.sub),
  );
  if (ofSubject.length === 0) {
    return unknownSubject(
      `No federated identity record of application '${principal.clientId}' matches the assertion's subject. ${presented}`,
    );
  }
  const audiences = [claims.aud ?? []].flat();
  if (!ofSubject.some(({ audience = EXCHANGE_AUDIENCE }) => audiences.includes(audience))) {
    return unknownAudience(
      `No federated identity record of application '${principal.clientId}' matches the assertion's audience. ${presented}`,
    );
  }
  return verifiedByIssuer(assertion, String(claims.iss), now);
}

async function verifiedByIssuer(assertion: string, issuer: string, now: Date): Promise<Refusal | undefined> {
  const keys = await keysOf(issuer).catch((error: unknown) => messageOf(error));
  if (typeof keys === 'string')
    return invalidAssertion(`The keys of issuer '${issuer}' could not be read: ${keys}.`);
  const options = {
    issuer,
    currentDate: now,
    clockTolerance: TOLERANCE_IN_SECONDS,
    algorithms: ISSUER_ALGORITHMS,
    requiredClaims: ['exp'],
  };
  return jwtVerify(assertion, keys, options).then(() => undefined, refusalFor);
}

/** The issuer's keys, where its OpenID document says they are. */
async function keysOf(issuer: string): Promise<JWTVerifyGetKey> {
  const answer = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  if (!answer.ok) throw new Error(`its OpenID document was answered with ${answer.status}`);
  const document: unknown = await answer.json();
  const { jwks_uri: address, issuer: named } = Object(document) as { jwks_uri?: unknown; issuer?: unknown };
  if (typeof address !== 'string') throw new Error('its OpenID document names no jwks_uri');
  if (typeof named === 'string' && !sameIssuer(named, issuer))
    throw new Error(`its OpenID document names the issuer '${named}'`);
  return createRemoteJWKSet(new URL(address));
}

function sameIssuer(one: string, other: string | undefined): boolean {
  return one.replace(/\/$/, '') === other?.replace(/\/$/, '');
}

function refusalFor(error: unknown): Refusal {
  if (error instanceof errors.JWTExpired)
    return expiredAssertion('The client assertion is not within its valid time range.');
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'nbf') {
    return expiredAssertion('The client assertion is not valid yet.');
  }
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud') {
    return wrongAssertionAudience('The audience of the client assertion is not the token endpoint.');
  }
  return invalidAssertion(`The client assertion failed signature validation: ${messageOf(error)}.`);
}
