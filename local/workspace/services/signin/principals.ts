import { readFileSync, statSync } from 'node:fs';
import { Problem } from '../../../../shared/problem/index.ts';

/** `contributor` may do everything, `reader` may only read and sees no secrets: Azure's built-in roles. */
type Role = 'contributor' | 'reader';

/** An issuer, and optionally a subject and audience, whose tokens stand for the principal's own secret. */
export interface FederatedCredential {
  readonly issuer: string;
  readonly subject?: string;
  readonly audience?: string;
}

/** A service principal this workspace knows: what it may do and how it proves itself. */
export interface Principal {
  readonly name: string;
  /** What a client sends as `client_id`. */
  readonly clientId: string;
  /** What tokens carry as `oid`, and messages of ARM name. */
  readonly objectId: string;
  readonly role: Role;
  /** Actions taken from the role, such as `Microsoft.MachineLearningServices/workspaces/jobs/write`; `*` matches any text. */
  readonly notActions?: readonly string[];
  readonly secrets?: readonly string[];
  /** X.509 certificates as PEM, without their keys. */
  readonly certificates?: readonly string[];
  readonly federated?: readonly FederatedCredential[];
}

/** Who may sign in, and with which rights. */
export interface Principals {
  all(): readonly Principal[];
  byClientId(clientId: string): Principal | undefined;
  byObjectId(objectId: string): Principal | undefined;
  /** Whether the role of this principal holds the action. */
  allows(principal: Principal, action: string): boolean;
}

/** The principals in `file`, read again whenever it changes, so that an operator can add one while the workspace runs. */
export function principalsIn(file: string, further: readonly Principal[] = []): Principals {
  let known: readonly Principal[] = [];
  let readAt = -1;
  const fresh = () => {
    const changedAt = statSync(file).mtimeMs;
    if (changedAt !== readAt) known = [...parsePrincipals(readFileSync(file, 'utf8'), file), ...further];
    readAt = changedAt;
    return known;
  };
  fresh();
  return {
    all: fresh,
    byClientId: (clientId) => fresh().find((principal) => same(principal.clientId, clientId)),
    byObjectId: (objectId) => known.find((principal) => same(principal.objectId, objectId)),
    allows,
  };
}

function allows(principal: Principal, action: string): boolean {
  if (principal.notActions?.some((pattern) => matches(pattern, action))) return false;
  switch (principal.role) {
    case 'contributor':
      return true;
    case 'reader':
      return action.toLowerCase().endsWith('/read');
  }
}

function matches(pattern: string, action: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i').test(action);
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function parsePrincipals(text: string, file: string): readonly Principal[] {
  const value: unknown = parseJson(text, file);
  if (!Array.isArray(value)) throw unusable(file, 'it must hold a list');
  return value.map((entry: unknown, index) => parsePrincipal(entry, `${file}, entry ${index + 1}`));
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unusable(file, `it is not JSON (${cause instanceof Error ? cause.message : String(cause)})`);
  }
}

function parsePrincipal(entry: unknown, place: string): Principal {
  const { name, clientId, objectId, role, ...rest } = Object(entry) as Partial<Principal>;
  if (!name || !clientId || !objectId) throw unusable(place, 'name, clientId and objectId are needed');
  if (role !== 'contributor' && role !== 'reader')
    throw unusable(place, "role must be 'contributor' or 'reader'");
  return { name, clientId, objectId, role, ...rest };
}

function unusable(place: string, why: string): Problem {
  return new Problem({
    code: 'file',
    message: `The list of principals cannot be used: ${place}: ${why}.`,
    next: 'Correct the file, or delete it to get the two built-in principals again.',
    place: { file: place },
  });
}
