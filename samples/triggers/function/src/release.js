import { ManagedIdentityCredential } from '@azure/identity';

/** Azure DevOps, as Entra ID knows it. */
const SCOPE = '499b84ac-1321-427f-aa17-267ca6975798/.default';

/** Creates a release of the definition with this model version as its artifact, unless the event has created one already. */
export async function createRelease({ eventId, model }, settings) {
  const { definitionId, artifactAlias } = settings;
  const mark = `[event ${eventId}]`;
  const { value } = await call(settings, 'GET', `&definitionId=${definitionId}&$top=100`);
  const known = value.find(({ description }) => description?.includes(mark));
  if (known) return `${known.name} was created by this event before.`;
  const release = await call(settings, 'POST', '', {
    definitionId,
    description: `${model.name}:${model.version} was registered ${mark}`,
    reason: 'continuousIntegration',
    artifacts: [{ alias: artifactAlias, instanceReference: { id: model.version, name: model.version } }],
  });
  return `Created ${release.name} for ${model.name}:${model.version}.`;
}

async function call({ url, project, token }, method, query, body) {
  const address = `${url}/${encodeURIComponent(project)}/_apis/release/releases?api-version=7.1${query}`;
  const bearer = token ?? (await new ManagedIdentityCredential().getToken(SCOPE)).token;
  const authorization = token ? `Basic ${Buffer.from(`:${token}`).toString('base64')}` : `Bearer ${bearer}`;
  const answer = await fetch(address, {
    method,
    headers: { authorization, 'content-type': 'application/json', 'x-tfs-fedauthredirect': 'Suppress' },
    ...(body && { body: JSON.stringify(body) }),
  });
  // Azure DevOps answers 203 with a page to sign in where a token is not enough.
  if (!answer.ok || answer.status === 203)
    throw new Error(`Azure DevOps answered ${answer.status}: ${(await answer.text()).slice(0, 500)}`);
  return answer.json();
}
