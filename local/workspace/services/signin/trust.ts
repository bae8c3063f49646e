import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Principal } from './principals.ts';

/** Issuers on this machine change their port with every run; so many of the newest are kept. */
const MOST_ISSUERS = 20;

/**
 * Lets tokens of an OIDC issuer sign in as any principal of the list in `file`, from now on and for good. A running
 * workspace sees the change at the next sign-in.
 */
export async function trustIssuerIn(file: string, issuer: string): Promise<void> {
  // Written by the workspace itself, and checked when it is read again.
  const principals = JSON.parse(await readFile(file, 'utf8')) as Principal[];
  const draft = `${file}.${process.pid}.new`;
  const changed = principals.map((principal) => ({ ...principal, federated: withIssuer(principal, issuer) }));
  await writeFile(draft, `${JSON.stringify(changed, undefined, 2)}\n`, { mode: 0o600 });
  await rename(draft, file);
}

function withIssuer({ federated = [] }: Principal, issuer: string): Principal['federated'] {
  const others = federated.filter((one) => one.issuer !== issuer || one.subject !== undefined);
  const bound = others.filter((one) => one.subject !== undefined);
  const open = others.filter((one) => one.subject === undefined).slice(-(MOST_ISSUERS - 1));
  return [...bound, ...open, { issuer }];
}
