import type { WorkspaceContext } from '../../context.ts';
import { refusalOf } from './assertions.ts';
import type { Principal } from './principals.ts';
import {
  invalidScope,
  missingCredential,
  missingParameter,
  unknownApplication,
  unknownTenant,
  unsupportedGrant,
  wrongSecret,
  type Refusal,
} from './refusals.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** The form a client posts to the token endpoint. */
export type TokenForm = Readonly<Record<string, string | undefined>>;

/** An access token, or why there is none. */
export type TokenAnswer = { readonly granted: object } | { readonly refused: Refusal };

/** Answers a request for a token: the client-credentials grant, proved by secret, certificate or federation. */
export async function answerToken(
  context: WorkspaceContext,
  tenant: string,
  form: TokenForm,
): Promise<TokenAnswer> {
  const { identity, principals, tokens, signIn } = context;
  if (tenant.toLowerCase() !== identity.tenantId.toLowerCase()) {
    return {
      refused: unknownTenant(
        `Tenant '${tenant}' not found. Check that it is the tenant of this workspace, ${identity.tenantId}.`,
      ),
    };
  }
  const clientId = form.client_id;
  if (!clientId)
    return { refused: missingParameter("The request body must contain the parameter 'client_id'.") };
  const principal = principals.byClientId(clientId);
  if (principal === undefined) {
    return {
      refused: unknownApplication(
        `Application with identifier '${clientId}' was not found in the directory '${tenant}'.`,
      ),
    };
  }
  const refused = refusedGrant(form) ?? (await refusedCredential(context, principal, form));
  if (refused) return { refused };
  const audience = audienceOf(form);
  if (audience === undefined) {
    return {
      refused: invalidScope(
        `The scope '${form.scope ?? ''}' is not valid. A client-credentials request needs one scope that ends in '/.default'.`,
      ),
    };
  }
  const lifetimeInSeconds = signIn.tokenLifetimeInSeconds;
  const token = await tokens.issue({ audience, subject: principal.objectId, lifetimeInSeconds });
  const expiresIn = lifetimeInSeconds - 1;
  return {
    granted: { token_type: 'Bearer', expires_in: expiresIn, ext_expires_in: expiresIn, access_token: token },
  };
}

function refusedGrant({ grant_type: grant }: TokenForm): Refusal | undefined {
  if (!grant) return missingParameter("The request body must contain the parameter 'grant_type'.");
  if (grant !== 'client_credentials')
    return unsupportedGrant(
      `The grant type '${grant}' is not supported; this workspace knows applications, not users.`,
    );
  return undefined;
}

async function refusedCredential(
  context: WorkspaceContext,
  principal: Principal,
  form: TokenForm,
): Promise<Refusal | undefined> {
  if (form.client_assertion) {
    if (form.client_assertion_type !== JWT_BEARER)
      return missingParameter(`The parameter 'client_assertion_type' must be '${JWT_BEARER}'.`);
    return refusalOf(form.client_assertion, principal, {
      audiences: audiencesOf(context),
      trustedIssuers: context.signIn.trustedIssuers,
      now: context.clock.now(),
    });
  }
  if (!form.client_secret) {
    return missingCredential(
      "The request body must contain the parameter 'client_assertion' or 'client_secret'.",
    );
  }
  if (principal.secrets?.includes(form.client_secret)) return undefined;
  return wrongSecret(
    `Invalid client secret provided. It is not one of the secrets of application '${principal.clientId}'.`,
  );
}

function audiencesOf({ urls, identity }: WorkspaceContext): string[] {
  const authority = `${urls.api}/${identity.tenantId}`;
  return [
    `${authority}/oauth2/v2.0/token`,
    `${authority}/oauth2/token`,
    `${authority}/v2.0`,
    `${authority}/`,
  ];
}

/** `<resource>/.default` is the v2 form, `resource` the one before. */
function audienceOf({ scope, resource }: TokenForm): string | undefined {
  if (resource) return resource;
  const asked =
    scope?.split(' ').filter((one) => !['openid', 'profile', 'offline_access'].includes(one)) ?? [];
  return asked.length === 1 && asked[0]?.endsWith('/.default')
    ? asked[0].slice(0, -'/.default'.length)
    : undefined;
}
