import { readFile } from 'node:fs/promises';
import { Agent, request } from 'undici';
import { Problem } from '../../shared/problem/index.ts';
import { readAddress } from '../workspace/address.ts';

/** What the workspace on this data folder says below `/admin`, as JSON. A body that is text goes as it is. */
export async function askAdmin(
  dataFolder: string,
  method: 'GET' | 'PUT' | 'POST' | 'DELETE',
  what: 'clock' | 'faults',
  body?: string,
): Promise<Record<string, unknown>> {
  const address = await readAddress(dataFolder);
  if (!address)
    throw new Problem({
      code: 'not-found',
      message: 'No embedded workspace is running here.',
      next: 'Start it with: npx azureml-local start',
    });
  const dispatcher = new Agent({ connect: { ca: await readFile(address.caFile, 'utf8') } });
  try {
    const answer = await request(`${address.apiUrl}/admin/${what}`, {
      method,
      headers: { authorization: `Bearer ${address.adminToken}` },
      dispatcher,
      ...(body === undefined ? {} : { body }),
    });
    const said = (await answer.body.json()) as Record<string, unknown>;
    if (answer.statusCode < 300) return said;
    throw refused(said, what);
  } finally {
    await dispatcher.close();
  }
}

function refused(said: Record<string, unknown>, what: string): Problem {
  const { message } = (said['error'] ?? {}) as { message?: string };
  return new Problem({
    code: 'input',
    message: message ?? `The workspace refused this for its ${what}.`,
    next: what === 'clock' ? 'See docs/clock.md.' : 'See docs/faults.md.',
  });
}
