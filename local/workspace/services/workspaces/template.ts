import { isObject, type Json } from '../../server/bodies.ts';
import { failure } from '../../server/failures.ts';

const TYPE = 'microsoft.machinelearningservices/workspaces';
const PARAMETER = /^\[parameters\('([^']+)'\)\]$/;

/** What a template asks for: one workspace, as the body of its resource. */
export interface Wanted {
  readonly name: string;
  readonly body: Json;
}

/**
 * The workspace in a template with its parameters filled in. What a workspace stands on in the cloud, such as a key vault, is
 * in the template too; here there is none, so members that are worked out from those are left out.
 */
export function workspaceIn({ template, parameters }: Json): Wanted {
  const { resources, parameters: declared } = isObject(template) ? template : {};
  const found = (Array.isArray(resources) ? resources : []).find(isWorkspace);
  if (found === undefined) throw noWorkspace();
  const filled = filledIn(found, valuesOf(declared, parameters)) as Json;
  const { name, kind, location, tags, identity, properties } = filled;
  return { name: String(name), body: { kind, location, tags, identity, properties } };
}

function isWorkspace(resource: unknown): resource is Json {
  return isObject(resource) && String(resource.type).toLowerCase() === TYPE;
}

function valuesOf(declared: unknown, given: unknown): ReadonlyMap<string, unknown> {
  const values = new Map<string, unknown>();
  for (const [name, one] of entriesOf(declared)) values.set(name, one.defaultValue);
  for (const [name, one] of entriesOf(given)) values.set(name, one.value);
  return values;
}

function entriesOf(value: unknown): [string, Json][] {
  return Object.entries(isObject(value) ? value : {}).flatMap(([name, one]) =>
    isObject(one) ? [[name, one]] : [],
  );
}

/** Parameters take their values; what is empty, or any other expression, is left out. */
function filledIn(value: unknown, values: ReadonlyMap<string, unknown>): unknown {
  if (typeof value === 'string') {
    const name = PARAMETER.exec(value)?.[1];
    if (name !== undefined) return plain(values.get(name));
    return value.startsWith('[') ? undefined : value;
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, one]) => [key, filledIn(one, values)] as const);
  const kept = entries.filter(([, one]) => one !== undefined);
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

/** Clients give flags as words. */
function plain(value: unknown): unknown {
  if (value === 'true' || value === 'false') return value === 'true';
  const isEmpty = value === '' || value === null || (isObject(value) && Object.keys(value).length === 0);
  return isEmpty ? undefined : value;
}

function noWorkspace(): Error {
  return failure(
    501,
    'NotSupported',
    'The embedded workspace takes templates that make a workspace, and no others.',
    'unsupported',
  );
}
