import { createHmac, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { DevOpsEnv } from '../context.ts';
import { objectIn } from '../release/access.ts';
import type { IncomingWebhook, WebhookSource } from '../webhooks.ts';

/** `POST _apis/public/distributedtask/webhooks/<name>`: no sign-in, but a signature where the connection has a secret. */
export function webhookRoutes(source: WebhookSource): Hono<DevOpsEnv> {
  const routes = new Hono<DevOpsEnv>();
  routes.post('/_apis/public/distributedtask/webhooks/:name', async ({ req, body }) => {
    const name = req.param('name');
    const webhook = source.find(name);
    if (!webhook) throw new HTTPException(404, { message: `There is no incoming webhook '${name}'.` });
    const content = Buffer.from(await req.arrayBuffer());
    if (!isSigned(webhook, content, req.header(webhook.header ?? '')))
      throw new HTTPException(401, { message: 'The signature of the payload is missing or wrong.' });
    source.receive(name, Object.fromEntries(await objectIn({ json: async () => parsed(content) })));
    return body(null, 200);
  });
  return routes;
}

/** The header holds `sha1=` and the HMAC-SHA1 of the body in hexadecimal digits. */
function isSigned({ secret }: IncomingWebhook, content: Buffer, given: string | undefined): boolean {
  if (secret === undefined) return true;
  const wanted = Buffer.from(`sha1=${createHmac('sha1', secret).update(content).digest('hex')}`);
  const sent = Buffer.from((given ?? '').trim().toLowerCase());
  return sent.length === wanted.length && timingSafeEqual(sent, wanted);
}

function parsed(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8'));
  } catch {
    return undefined;
  }
}
