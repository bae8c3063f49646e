/** Event Grid's own application in the public cloud, which its tokens name. */
const EVENT_GRID = '4962773b-9cdb-44cf-a8bf-237846a00ab7';

/**
 * The application settings, read once; everything that is missing is named together.
 * @param {Record<string, string | undefined>} environment
 */
export function readSettings(environment) {
  const missing = [];
  const needed = (name) => environment[name] || (missing.push(name), '');
  const tenant = needed('TENANT_ID');
  const settings = {
    workspaceId: needed('WORKSPACE_ID').toLowerCase(),
    /** Only this model starts something; any when left out. */
    modelName: environment.MODEL_NAME || undefined,
    caller: {
      audience: needed('APPLICATION_ID').split(','),
      application: environment.EVENT_GRID_APPLICATION_ID ?? EVENT_GRID,
      issuer: environment.TOKEN_ISSUER?.split(',') ?? [
        `https://sts.windows.net/${tenant}/`,
        `https://login.microsoftonline.com/${tenant}/v2.0`,
      ],
      keysUrl:
        environment.TOKEN_KEYS_URL ?? `https://login.microsoftonline.com/${tenant}/discovery/v2.0/keys`,
    },
    release: environment.WEBHOOK_URL ? undefined : releaseIn(environment, needed),
    webhook: environment.WEBHOOK_URL
      ? {
          url: environment.WEBHOOK_URL,
          secret: needed('WEBHOOK_SECRET'),
          header: environment.WEBHOOK_HEADER || 'X-Hub-Signature',
        }
      : undefined,
  };
  if (missing.length > 0) throw new Error(`These application settings are missing: ${missing.join(', ')}.`);
  return settings;
}

function releaseIn(environment, needed) {
  return {
    /** Releases have an address of their own: https://vsrm.dev.azure.com/<organization> */
    url: needed('RELEASE_URL').replace(/\/+$/, ''),
    project: needed('RELEASE_PROJECT'),
    definitionId: Number(needed('RELEASE_DEFINITION_ID')),
    artifactAlias: needed('RELEASE_ARTIFACT'),
    /** A personal access token; better left out: then the function's own identity signs in. */
    token: environment.RELEASE_TOKEN,
  };
}
