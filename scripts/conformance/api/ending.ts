import type { Client, Reply } from '../kill/client.ts';

const PAUSE_IN_MS = 10;

/** A refusal in Resource Manager's envelope. */
export function isRefusal({ status, json }: Reply): boolean {
  const { code, message } = json?.error ?? {};
  return status >= 400 && status < 500 && typeof code === 'string' && typeof message === 'string';
}

/** Waits for the operation that an answer began; its last status, or undefined when it began none. */
export async function finished(client: Client, { headers }: Reply): Promise<string | undefined> {
  const url = headers['azure-asyncoperation'] ?? headers['location'];
  if (typeof url !== 'string') return undefined;
  const address = url.replace('mfeOperationResults', 'mfeOperationsStatus');
  for (;;) {
    const status = String((await client.follow(address)).json.status);
    if (status !== 'InProgress') return status;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_IN_MS));
  }
}

/** What an answer said, in a line. */
export function shown({ status, json }: Reply): string {
  const said = json?.error?.message ?? (typeof json === 'string' ? json : JSON.stringify(json ?? ''));
  return `${status} ${String(said).slice(0, 400)}`;
}
