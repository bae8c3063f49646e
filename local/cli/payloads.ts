import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, Problem } from '../../shared/problem/index.ts';
import { toValue } from '../runner/expressions/index.ts';
import { fits, readWebhooks } from '../runner/read/webhooks.ts';

/** Payloads from files, by the alias of their webhook; one whose filters a payload does not meet starts nothing. */
export async function webhookPayloads(
  pipeline: string,
  files: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>> {
  const webhooks = Object.keys(files).length > 0 ? readWebhooks(pipeline) : [];
  const payloads: Record<string, unknown> = {};
  for (const [alias, file] of Object.entries(files)) {
    const payload = await payloadIn(file);
    const webhook = webhooks.find((one) => one.alias === alias);
    if (webhook && !fits(webhook, toValue(payload)))
      throw new Problem({
        code: 'input',
        message: `The payload does not meet the filters of the webhook '${alias}': on the service it starts no run.`,
        place: webhook.place,
      });
    payloads[alias] = payload;
  }
  return payloads;
}

async function payloadIn(file: string): Promise<unknown> {
  try {
    const payload: unknown = JSON.parse(await readFile(path.resolve(file), 'utf8'));
    if (typeof payload === 'object' && payload !== null && !Array.isArray(payload)) return payload;
    throw new TypeError('it is no JSON object');
  } catch (cause) {
    const message = `The payload cannot be read: ${messageOf(cause)}.`;
    const next = 'Give the path of a JSON file that holds one object, as the webhook would send it.';
    throw new Problem({ code: 'file', message, next, place: { file }, cause });
  }
}
