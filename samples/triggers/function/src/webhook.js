import { createHmac } from 'node:crypto';

/** Posts to an Incoming WebHook connection: the body is signed with the secret the connection knows. */
export async function postWebhook({ eventId, model, workspaceId }, { url, secret, header }) {
  const body = JSON.stringify({ event: 'ModelRegistered', eventId, model, workspace: workspaceId });
  const signature = `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`;
  const headers = { 'content-type': 'application/json', [header]: signature };
  const answer = await fetch(url, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(`The webhook answered ${answer.status}.`);
  return `Posted ${model.name}:${model.version} to the incoming webhook.`;
}
