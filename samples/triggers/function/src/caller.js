import { createRemoteJWKSet, jwtVerify } from 'jose';

const ROLE = 'AzureEventGridSecureWebhookSubscriber';

/**
 * Who may call: Event Grid, with a token that Entra ID signed for this function's application. Returns a function that
 * says why a request is refused, or nothing.
 */
export function callerCheck({ audience, application, issuer, keysUrl }) {
  const keys = createRemoteJWKSet(new URL(keysUrl));
  return async (authorization) => {
    const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return 'no bearer token';
    try {
      const { payload } = await jwtVerify(token, keys, { audience, issuer });
      if ((payload.appid ?? payload.azp) !== application) return 'the token is not one of Event Grid';
      return payload.roles?.includes(ROLE) ? undefined : `the token lacks the role ${ROLE}`;
    } catch (error) {
      return error.message;
    }
  };
}
