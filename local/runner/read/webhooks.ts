import { asText, isMap, lookUp, type Value } from '../expressions/index.ts';
import type { Place } from '../plan.ts';
import { Files } from './files.ts';
import { Findings } from './findings.ts';
import type { MapNode, Node } from './node.ts';

/** A resource of a pipeline that an incoming webhook starts. */
export interface WebhookPlan {
  /** Steps read the payload as `${{ parameters.<alias>.<path> }}`. */
  readonly alias: string;
  /** Name of the service connection. */
  readonly connection: string;
  /** All must hold. */
  readonly filters: readonly { readonly path: string; readonly value: string }[];
  readonly place: Place;
}

const KEYS = ['webhook', 'connection', 'type', 'filters'];

/** The webhooks of a pipeline file, which are known before any of its parameters. */
export function readWebhooks(file: string): WebhookPlan[] {
  const findings = new Findings();
  const all = webhooksIn(new Files(file, findings).open(file), findings);
  findings.throwAll();
  return all;
}

export function webhooksIn(pipeline: Node, findings: Findings): WebhookPlan[] {
  const resources = pipeline.kind === 'map' ? member(pipeline, 'resources') : undefined;
  const list = resources?.kind === 'map' ? member(resources, 'webhooks') : undefined;
  if (list === undefined) return [];
  if (list.kind !== 'list') {
    findings.wrong(list.place, "'webhooks' must be a list.");
    return [];
  }
  return list.items.flatMap((item) => readOne(item, findings) ?? []);
}

/** Whether a payload is one the webhook waits for. Values are compared as text, exactly. */
export function fits({ filters }: WebhookPlan, payload: Value): boolean {
  return filters.every(({ path, value }) => {
    const found = path
      .split('.')
      .reduce<Value>((inner, name) => (isMap(inner) ? lookUp(inner, name) : null), payload);
    return found !== null && asText(found) === value;
  });
}

function readOne(item: Node, findings: Findings): WebhookPlan | undefined {
  if (item.kind !== 'map') {
    findings.wrong(item.place, "A webhook must be a map with 'webhook' and 'connection'.");
    return undefined;
  }
  for (const { key } of item.entries)
    if (!KEYS.includes(key.text)) findings.unknown(key.place, 'A webhook: the key', key.text, KEYS);
  const [alias, connection] = [needed(item, 'webhook', findings), needed(item, 'connection', findings)];
  const filters = member(item, 'filters');
  const items = filters?.kind === 'list' ? filters.items : [];
  return {
    ...{ alias, connection, place: item.place },
    filters: items.flatMap((one) =>
      one.kind === 'map'
        ? [{ path: needed(one, 'path', findings), value: needed(one, 'value', findings) }]
        : [],
    ),
  };
}

function needed(map: MapNode, key: string, findings: Findings): string {
  const value = member(map, key);
  if (value?.kind === 'scalar' && value.text.trim() !== '') return value.text.trim();
  findings.wrong(value?.place ?? map.place, `A webhook needs '${key}'.`);
  return '';
}

function member(map: MapNode, key: string): Node | undefined {
  return map.entries.find((entry) => entry.key.text === key)?.value;
}
