import { Reference, type Draft, type NamedType, type VersionedType } from '../compilation.ts';
import type { YamlNode } from '../document/node.ts';
import type { Scope } from '../fields/scope.ts';

const PREFIX = 'azureml:';
const REGISTRY = 'azureml://registries/';
const FEED = 'azureml://feeds/';
const ARM_ID = /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/.+/i;

export function isArmId(text: string): boolean {
  return ARM_ID.test(text);
}

function withoutPrefix(text: string): string {
  return text.startsWith(PREFIX) && !text.startsWith('azureml://') ? text.slice(PREFIX.length) : text;
}

/**
 * What `azureml:name:version`, `azureml:name@label`, a registry id or an ARM id stands for. Curated environments
 * (`AzureML-...`) and registry assets are named in the request as they are: the service resolves them.
 */
export function versioned(
  text: string,
  type: VersionedType,
  node: YamlNode,
  scope: Scope,
): Draft | undefined {
  const id = withoutPrefix(text);
  if (isArmId(id) || id.startsWith(REGISTRY)) return id;
  if (id.startsWith(FEED)) return REGISTRY + id.slice(FEED.length);
  if (type === 'environments' && id.startsWith('AzureML-')) return PREFIX + id;
  return localVersion(id, type, node) ?? missingVersion(text, node, scope);
}

/** The last `@` parts a label off, the first `:` a version. */
function localVersion(id: string, type: VersionedType, node: YamlNode): Reference | undefined {
  if (id.includes('/')) return undefined;
  const at = id.lastIndexOf('@');
  const colon = id.indexOf(':');
  if (at > 0 && at < id.length - 1)
    return new Reference({ kind: 'label', type, name: id.slice(0, at), label: id.slice(at + 1) }, node.at);
  if (colon < 1 || colon === id.length - 1) return undefined;
  const target = { kind: 'version', type, name: id.slice(0, colon), version: id.slice(colon + 1) } as const;
  return new Reference(target, node.at);
}

function missingVersion(text: string, node: YamlNode, scope: Scope): undefined {
  return scope.refuse(
    node.at,
    `${scope.subject()} names '${text}' without a version.`,
    'Write azureml:<name>:<version>, azureml:<name>@latest, a registry id (azureml://registries/...) or a full ARM id.',
  );
}

/** A compute, datastore or job of the workspace: its name, with or without `azureml:`, or an ARM id. */
export function named(text: string, type: NamedType, node: YamlNode): Draft {
  const name = withoutPrefix(text);
  return isArmId(name) ? name : new Reference({ kind: 'named', type, name }, node.at);
}

/** Only the name of what may be written as `azureml:name` or as an ARM id. */
export function nameOf(text: string): string {
  const name = withoutPrefix(text);
  return isArmId(name) ? name.slice(name.lastIndexOf('/') + 1) : name;
}
