import type { Json } from '../../server/bodies.ts';
import { BodyReader } from './bodyReader.ts';
import type { AuthMode, EndpointKeys, StoredEndpoint } from './documents.ts';
import { checkIdentity } from './identity.ts';
import { normalShares } from './traffic.ts';

/** What a PUT of an endpoint asks for. */
export interface EndpointRequest extends Pick<
  StoredEndpoint,
  | 'location'
  | 'tags'
  | 'kind'
  | 'identity'
  | 'authMode'
  | 'description'
  | 'compute'
  | 'publicNetworkAccess'
  | 'properties'
> {
  readonly traffic: Readonly<Record<string, number>>;
  readonly mirrorTraffic: Readonly<Record<string, number>>;
  /** Keys to start with, instead of random ones. */
  readonly keys?: Partial<EndpointKeys>;
}

const AUTH_MODES: readonly AuthMode[] = ['Key', 'AMLToken', 'AADToken'];

/** Reads a PUT body; everything wrong in it comes back in one error. Members that only the service sets are ignored. */
export function parseEndpoint(body: Json): EndpointRequest {
  const reader = new BodyReader(body);
  const properties = reader.object('properties') ?? new BodyReader({}, 'properties');
  if (!reader.has('properties')) reader.fault('properties', 'is required');
  const keys = properties.object('keys');
  const request: EndpointRequest = {
    location: reader.requiredText('location'),
    tags: reader.texts('tags'),
    ...optional('kind', reader.text('kind')),
    ...optional('identity', checkIdentity(reader)),
    authMode: authModeOf(reader, properties),
    ...optional('description', properties.text('description')),
    ...optional('compute', properties.text('compute')),
    publicNetworkAccess:
      properties.word('publicNetworkAccess', ['Enabled', 'Disabled'] as const) ?? 'Enabled',
    properties: properties.texts('properties'),
    traffic: normalShares(properties.percentages('traffic')),
    mirrorTraffic: normalShares(properties.percentages('mirrorTraffic')),
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
export function parseEndpointPatch(body: Json): {
  readonly tags?: Record<string, string>;
  readonly identity?: Json;
} {
  const reader = new BodyReader(body);
  const patch = {
    ...(reader.has('tags') ? { tags: reader.texts('tags') } : {}),
    ...optional('identity', checkIdentity(reader)),
  };
  reader.throwFaults();
  return patch;
}

function authModeOf(reader: BodyReader, properties: BodyReader): AuthMode {
  if (reader.has('properties') && !properties.has('authMode')) properties.fault('authMode', 'is required');
  return properties.word('authMode', AUTH_MODES) ?? 'Key';
}

/** A member only where there is a value. */
export function optional<K extends string, V>(name: K, value: V | undefined): { [key in K]?: V } {
  // A computed key widens to string; the one member is exactly the one named.
  return value === undefined ? {} : ({ [name]: value } as { [key in K]?: V });
}
