import { renderTemplate } from '../../devops/templates/template.ts';
import type { Endpoint } from '../agent/endpoints.ts';
import { expandMacros } from '../agent/variables/macros.ts';
import type { VariableStore } from '../agent/variables/variables.ts';

/** What the texts of a task without code may name. */
export interface ServerScope {
  readonly inputs: ReadonlyMap<string, string>;
  /** What the task's earlier requests kept, in this sample or one before. */
  readonly outputs: ReadonlyMap<string, string>;
  readonly variables: VariableStore;
  readonly endpoint: Endpoint | undefined;
}

/** Fills a text as the service does: `$(name)` first, mustache afterwards. */
export function render(text: string, scope: ServerScope): string {
  return renderTemplate(
    expandMacros(text, (name) => valueOf(name, scope)),
    templateContext(scope),
  );
}

/** Inputs go before what requests kept, the connection, and variables. */
export function valueOf(
  name: string,
  { inputs, outputs, endpoint, variables }: ServerScope,
): string | undefined {
  return (
    ignoringCase(inputs, name) ??
    ignoringCase(outputs, name) ??
    endpointValue(name, endpoint) ??
    variables.get(name)
  );
}

function endpointValue(name: string, endpoint: Endpoint | undefined): string | undefined {
  const field = /^endpoint\.(.+)$/i.exec(name)?.[1];
  if (field === undefined || endpoint === undefined) return undefined;
  return field.toLowerCase() === 'url' ? withSlash(endpoint.url) : (ignoringCase(endpoint.data, field) ?? '');
}

/** Shipped tasks write `$(endpoint.url)subscriptions/...`. */
function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}

function templateContext({ inputs, outputs, endpoint, variables }: ServerScope): Record<string, unknown> {
  const context: Record<string, unknown> = {};
  for (const { name, value } of variables.all()) put(context, name.split('.'), value);
  for (const [name, value] of [...outputs, ...inputs]) context[name] = value;
  if (endpoint) context['endpoint'] = { ...Object.fromEntries(endpoint.data), url: withSlash(endpoint.url) };
  return context;
}

/** `System.TeamProject` is found as `system.teamProject`, the way shipped templates write it. */
function put(context: Record<string, unknown>, path: readonly string[], value: string): void {
  const [first = '', ...rest] = path.map(lowerFirst);
  if (rest.length === 0) {
    context[first] ??= value;
    return;
  }
  const inner = context[first];
  const next: Record<string, unknown> = isRecord(inner) ? inner : {};
  context[first] = next;
  put(next, rest, value);
}

function lowerFirst(word: string): string {
  return word.slice(0, 1).toLowerCase() + word.slice(1);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function ignoringCase(values: ReadonlyMap<string, string>, name: string): string | undefined {
  const exact = values.get(name);
  if (exact !== undefined) return exact;
  const wanted = name.toLowerCase();
  for (const [key, value] of values) if (key.toLowerCase() === wanted) return value;
  return undefined;
}
