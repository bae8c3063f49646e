/** What a token says. */
export interface TokenClaims {
  readonly subject: string;
  readonly audience: string;
  readonly runId?: string;
  readonly workspaceId?: string;
}

/** Signs and checks the tokens this workspace hands out; every request needs one. */
export interface Tokens {
  /** A JWT with `aud`, `tid`, `oid`, `exp`; `scope` limits what a job may reach. Lifetime in seconds. */
  issue(claims: {
    audience: string;
    subject: string;
    lifetimeInSeconds: number;
    runId?: string;
    /** Of which workspace the run is; none for the one that was made at start. */
    workspaceId?: string;
    /** More that the token says. */
    claims?: Readonly<Record<string, unknown>>;
  }): Promise<string>;
  /** The claims, or undefined when the token is not ours or has expired. */
  verify(token: string): Promise<TokenClaims | undefined>;
  /** The public half of the signing key, as a JSON web key. */
  readonly publicKey: object;
  /** The same for a workspace that was added: job tokens of others are none there. */
  ofWorkspace(workspaceId: string): Tokens;
}

/** What signs and checks, whichever workspace a run is of. */
export type TokenAuthority = Omit<Tokens, 'ofWorkspace'>;

/** The tokens of one workspace: those of another's jobs are not known here. Without an id it is the one made at start. */
export function tokensOfJobsIn(workspaceId: string | undefined, authority: TokenAuthority): Tokens {
  return {
    publicKey: authority.publicKey,
    issue: (claims) =>
      authority.issue(
        claims.runId === undefined || workspaceId === undefined ? claims : { ...claims, workspaceId },
      ),
    verify: async (token) => {
      const claims = await authority.verify(token);
      return claims?.runId === undefined || claims.workspaceId === workspaceId ? claims : undefined;
    },
    ofWorkspace: (other) => tokensOfJobsIn(other, authority),
  };
}
