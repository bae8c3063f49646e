import { HTTPException } from 'hono/http-exception';
import type { EnvironmentView, ReleaseSource, ReleaseView } from '../releases.ts';

/** The release of that number. */
export function releaseOf(source: ReleaseSource, id: number): ReleaseView {
  const found = source.releases().find((one) => one.id === id);
  if (found) return found;
  const message = `VS402881: Release with ID ${id} does not exist. Specify a valid ID.`;
  throw new HTTPException(404, { message });
}

/** Changing a release takes a right that build identities often lack. */
export function checkRight({ mayManage }: ReleaseSource): void {
  if (mayManage) return;
  const message =
    'VS402904: Access denied: the build service does not have manage releases permission for this definition.';
  throw new HTTPException(403, { message });
}

export interface Stage {
  readonly release: ReleaseView;
  readonly environment: EnvironmentView;
}

/** All stages of all releases. */
export function stagesOf(source: ReleaseSource): Stage[] {
  return source
    .releases()
    .flatMap((release) => release.environments.map((environment) => ({ release, environment })));
}

export function environmentOf(source: ReleaseSource, releaseId: number, id: number): Stage {
  const release = releaseOf(source, releaseId);
  const environment = release.environments.find((one) => one.id === id);
  if (environment) return { release, environment };
  throw new HTTPException(404, { message: `The release ${releaseId} has no environment ${id}.` });
}

/** The JSON object a request carries. */
export async function objectIn(request: { json(): Promise<unknown> }): Promise<ReadonlyMap<string, unknown>> {
  const body = await request.json().catch(() => undefined);
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return membersOf(body);
  throw new HTTPException(400, { message: 'The request has no JSON object as its body.' });
}

/** The members of an object; none of anything else. */
export function membersOf(json: unknown): Map<string, unknown> {
  return new Map(typeof json === 'object' && json !== null ? Object.entries(json) : []);
}

/** Clients send the words of a list as they are, or as numbers that stand for bits, from 1 on. */
export function wordIn<T extends string>(value: unknown, words: readonly T[]): T | undefined {
  return words.find((word, index) => word === value || String(2 ** index) === String(value));
}
