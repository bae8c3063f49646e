import { createHash, randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';

/** A job the server knows: its token is good for as long as the job runs. */
export interface AdmittedJob {
  readonly planId: string;
  readonly jobId: string;
}

export interface JobTokens {
  /** A new token for a job; `end` makes it worthless. */
  admit(job: AdmittedJob): { readonly token: string; end(): void };
  /** The job a token belongs to, while it runs. */
  jobOf(token: string): AdmittedJob | undefined;
}

export function createJobTokens(): JobTokens {
  /** By hash, so that looking a token up takes the same time whatever was guessed. */
  const jobs = new Map<string, AdmittedJob>();
  const keyOf = (token: string): string => createHash('sha256').update(token).digest('base64');
  return {
    admit(job) {
      const token = randomBytes(39).toString('base64url');
      jobs.set(keyOf(token), job);
      return { token, end: () => void jobs.delete(keyOf(token)) };
    },
    jobOf: (token) => jobs.get(keyOf(token)),
  };
}

export interface FederatedClaims {
  readonly subject: string;
  readonly more: Readonly<Record<string, string>>;
}

/** Signs the tokens that stand for a service connection, and publishes the key to check them with. */
export interface OidcSigner {
  sign(claims: FederatedClaims, issuer: string): Promise<string>;
  keys(): Promise<readonly JWK[]>;
}

/** What Microsoft's token service asks of a federated token. */
const AUDIENCE = 'api://AzureADTokenExchange';
const LIFETIME = '10 minutes';
const ALGORITHM = 'RS256';

interface SigningKey {
  readonly jwk: JWK;
  readonly kid: string;
  readonly privateKey: CryptoKey;
}

/** The key is made at its first use: many runs never need one. */
export function createOidcSigner(): OidcSigner {
  let made: Promise<SigningKey> | undefined;
  const key = (): Promise<SigningKey> => (made ??= makeKey());
  return {
    sign: async (claims, issuer) => sign(claims, issuer, await key()),
    keys: async () => [(await key()).jwk],
  };
}

async function makeKey(): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(ALGORITHM);
  const jwk = await exportJWK(publicKey);
  const kid = createHash('sha256').update(JSON.stringify(jwk)).digest('base64url').slice(0, 27);
  return { jwk: { ...jwk, kid, use: 'sig', alg: ALGORITHM }, kid, privateKey };
}

function sign(
  { subject, more }: FederatedClaims,
  issuer: string,
  { kid, privateKey }: SigningKey,
): Promise<string> {
  return new SignJWT({ ...more })
    .setProtectedHeader({ alg: ALGORITHM, kid, typ: 'JWT' })
    .setIssuer(issuer)
    .setSubject(subject)
    .setAudience(AUDIENCE)
    .setJti(randomBytes(16).toString('hex'))
    .setIssuedAt()
    .setNotBefore('0s')
    .setExpirationTime(LIFETIME)
    .sign(privateKey);
}
