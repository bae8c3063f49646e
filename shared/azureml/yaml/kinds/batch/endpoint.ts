import { Reference } from '../../compilation.ts';
import { draft } from '../../draft.ts';
import { everythingAsText, oneOfSnake, text } from '../../fields/basic.ts';
import { mapOf, members, record } from '../../fields/collections.ts';
import { mapped, required } from '../../fields/field.ts';
import type { KindReader } from '../family.ts';
import { ENDPOINT_NAME } from '../online/endpoint.ts';

const AUTH_MODES = { key: 'Key', aml_token: 'AMLToken', aad_token: 'AADToken' } as const;

const endpointName = mapped(text, (name, node, scope) =>
  ENDPOINT_NAME.test(name) && name.length >= 3 && name.length <= 32
    ? name
    : scope.refuse(
        node.at,
        `'${name}' cannot be the name of an endpoint: it has 3 to 32 letters, digits and dashes, starts with a letter and does not end with a dash.`,
      ),
);

const shape = {
  name: required(endpointName),
  id: text,
  description: text,
  tags: mapOf(everythingAsText),
  provisioning_state: text,
  properties: mapOf(everythingAsText),
  auth_mode: oneOfSnake(['aad_token', 'key', 'aml_token']),
  scoring_uri: text,
  openapi_uri: text,
  location: text,
  defaults: record({ deployment_name: text }),
};

/** A batch endpoint's file; it is where the workspace is. */
export const batchEndpoint: KindReader = (node, scope) => {
  const read = members(node, scope, shape, { ignored: ['$schema', 'identity'] });
  if (!read) return undefined;
  const identity = node.entries.get('identity');
  if (identity) scope.refuse(identity.key.at, "A batch endpoint has no 'identity' of its own.");
  const properties = draft({
    authMode: AUTH_MODES[read.auth_mode ?? 'aad_token'],
    description: read.description,
    properties: read.properties ?? {},
    defaults: read.defaults && draft({ deploymentName: read.defaults.deployment_name }),
  });
  const location = new Reference({ kind: 'location' }, node.at);
  return { name: read.name, body: { location, tags: read.tags ?? {}, properties } };
};
