import type { Client } from './client.ts';
import { settled } from './ledger.ts';

/** Waits for the operation that a location tells of. */
export async function ended(client: Client, location: unknown): Promise<void> {
  if (typeof location !== 'string') return;
  await settled(async () => ((await client.follow(location)).status === 202 ? undefined : true));
}

/** The state a resource comes to, and what tells its versions apart. */
export async function stateOf(
  client: Client,
  at: string,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- an answer of the workspace
  rest: (json: any) => string,
): Promise<string | undefined> {
  const end = await settled(async () => {
    const { status, json } = await client.send('GET', at);
    if (status === 404) return { found: undefined };
    const state = String(json.properties?.provisioningState);
    return /ing$/.test(state) ? undefined : { found: `${state} ${rest(json)}` };
  });
  return end ? end.found : 'without an end';
}
