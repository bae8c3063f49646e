import type { Json } from '../../server/bodies.ts';
import { BodyReader } from '../onlineEndpoints/bodyReader.ts';
import type { AuthMode, EndpointKeys } from '../onlineEndpoints/documents.ts';
import { checkIdentity } from '../onlineEndpoints/identity.ts';
import { normalName } from '../onlineEndpoints/names.ts';
import { optional } from '../onlineEndpoints/parseEndpoint.ts';
import type { StoredEndpoint } from './documents.ts';

/** What a PUT of a batch endpoint asks for. */
export interface EndpointRequest extends Pick<
  StoredEndpoint,
  | 'location'
  | 'tags'
  | 'kind'
  | 'sku'
  | 'identity'
  | 'authMode'
  | 'description'
  | 'defaultDeployment'
  | 'properties'
> {
  /** Keys to start with, instead of random ones. */
  readonly keys?: Partial<EndpointKeys>;
}

const AUTH_MODES: readonly AuthMode[] = ['Key', 'AMLToken', 'AADToken'];

/** Reads a PUT body whose shape was checked; everything else wrong in it comes back in one error. */
export function parseEndpoint(body: Json): EndpointRequest {
  const reader = new BodyReader(body);
  const properties = reader.object('properties') ?? new BodyReader({}, 'properties');
  const keys = properties.object('keys');
  const deployment = properties.object('defaults')?.text('deploymentName');
  const request = {
    ...readTracked(reader, properties),
    authMode: properties.word('authMode', AUTH_MODES) ?? 'AADToken',
    ...optional('description', properties.text('description')),
    ...optional('defaultDeployment', deployment ? normalName(deployment) : undefined),
    ...optional(
      'keys',
      keys && {
        ...optional('primary', keys.text('primaryKey')),
        ...optional('secondary', keys.text('secondaryKey')),
      },
    ),
  };
  reader.throwFaults();
  return request;
}

/** Tags and identity are all that PATCH changes in an endpoint. */
export function parseEndpointPatch(body: Json): Partial<Pick<StoredEndpoint, 'tags' | 'identity'>> {
  const reader = new BodyReader(body);
  const patch = {
    ...(reader.has('tags') ? { tags: reader.texts('tags') } : {}),
    ...optional('identity', checkIdentity(reader)),
  };
  reader.throwFaults();
  return patch;
}

/** What endpoints and deployments have in common. */
export function readTracked(
  reader: BodyReader,
  properties: BodyReader,
): Pick<StoredEndpoint, 'location' | 'tags' | 'kind' | 'sku' | 'identity' | 'properties'> {
  const own = properties.texts('properties');
  // The service's own entry comes back with every update.
  delete own['AzureAsyncOperationUri'];
  return {
    location: reader.requiredText('location'),
    tags: reader.texts('tags'),
    ...optional('kind', reader.text('kind')),
    ...optional('sku', reader.object('sku')?.raw()),
    ...optional('identity', checkIdentity(reader)),
    properties: own,
  };
}
