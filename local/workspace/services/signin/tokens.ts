import {
  decodeJwt,
  exportJWK,
  generateKeyPair,
  importJWK,
  jwtVerify,
  SignJWT,
  type JWK,
  type JWTPayload,
} from 'jose';
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Clock } from '../../context.ts';
import { systemClock } from '../../server/clock.ts';
import type { TokenAuthority } from './jobTokens.ts';

const ALGORITHM = 'ES256';
const KEPT_VERDICTS = 1000;

/**
 * The authority with the key in `file`, made at the first start so that tokens outlive a restart. Tokens of jobs live by
 * the machine's time, like the processes that hold them.
 */
export async function tokenAuthority(file: string, tenantId: string, clock: Clock): Promise<TokenAuthority> {
  const jwk = await keyIn(file);
  const publicJwk = publicPartOf(jwk);
  const signingKey = await importJWK(jwk, ALGORITHM);
  const publicKey = await importJWK(publicJwk, ALGORITHM);
  const verdicts = new Map<string, JWTPayload>();
  const timeFor = (runId: unknown) => (runId === undefined ? clock : systemClock).now().getTime();
  return {
    publicKey: publicJwk,
    issue: ({ audience, subject, lifetimeInSeconds, runId, workspaceId, claims }) => {
      const now = Math.floor(timeFor(runId) / 1000);
      return new SignJWT({
        ...claims,
        tid: tenantId,
        oid: subject,
        ver: '1.0',
        ...(runId === undefined ? {} : { runId }),
        ...(workspaceId === undefined ? {} : { workspaceId }),
      })
        .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', kid: jwk.kid ?? '' })
        .setIssuer(issuerOf(tenantId))
        .setAudience(audience)
        .setSubject(subject)
        .setJti(crypto.randomUUID())
        .setIssuedAt(now)
        .setNotBefore(now)
        .setExpirationTime(now + lifetimeInSeconds)
        .sign(signingKey);
    },
    verify: async (token) => {
      const claims = verdicts.get(token) ?? (await claimsOf(token));
      if (claims === undefined || (claims.exp ?? 0) * 1000 <= timeFor(claims['runId'])) return undefined;
      remember(verdicts, token, claims);
      const { sub, aud, runId, workspaceId } = claims;
      if (sub === undefined || typeof aud !== 'string') return undefined;
      return {
        subject: sub,
        audience: aud,
        ...(typeof runId === 'string' ? { runId } : {}),
        ...(typeof workspaceId === 'string' ? { workspaceId } : {}),
      };
    },
  };

  async function claimsOf(token: string): Promise<JWTPayload | undefined> {
    try {
      // As of its own beginning: the end is checked at every use, and a clock that was turned back makes no token too young.
      const currentDate = new Date((decodeJwt(token).iat ?? 0) * 1000);
      const options = { issuer: issuerOf(tenantId), currentDate, algorithms: [ALGORITHM] };
      return (await jwtVerify(token, publicKey, options)).payload;
    } catch {
      return undefined;
    }
  }
}

function publicPartOf(jwk: JWK): JWK {
  const copy = { ...jwk };
  delete copy.d;
  return copy;
}

/** The same form as Azure's: a name of the tenant, not an address. */
function issuerOf(tenantId: string): string {
  return `https://sts.localhost/${tenantId}/`;
}

/** Checking a signature costs more than answering a GET; a token is checked once. */
function remember(verdicts: Map<string, JWTPayload>, token: string, claims: JWTPayload): void {
  if (!verdicts.has(token) && verdicts.size >= KEPT_VERDICTS)
    verdicts.delete(verdicts.keys().next().value ?? '');
  verdicts.set(token, claims);
}

async function keyIn(file: string): Promise<JWK> {
  const kept = await readFile(file, 'utf8').catch(() => '');
  // The file is ours alone and written whole; an empty one is from a first start that was killed, and signed nothing.
  if (kept !== '') return JSON.parse(kept) as JWK;
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const jwk: JWK = { ...(await exportJWK(privateKey)), kid: crypto.randomUUID(), alg: ALGORITHM, use: 'sig' };
  await writeFile(`${file}.new`, JSON.stringify(jwk), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return jwk;
}
