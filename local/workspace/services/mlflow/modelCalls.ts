import type { Caller } from '../../context.ts';
import { conflict, userError } from '../../server/failures.ts';
import { checkName } from '../../server/names.ts';
import type { ContainerRecord, VersionRecord } from '../assets/records.ts';
import type { MlflowCall } from './call.ts';
import { matching, ordering } from './filter.ts';
import { pageBy } from './listing.ts';
import type { Parameters } from './parameters.ts';
import { knownStage, type Registry, stageOf, tagIn, textsIn } from './registry.ts';

/** MLflow's registered models. */
export function modelCalls(registry: Registry): readonly MlflowCall[] {
  const change = async (
    name: string,
    caller: Caller,
    changed: (tags: Record<string, string>) => object,
  ): Promise<object> => {
    registry.model(name);
    const { record } = await registry.store.putContainer(name, caller, (current = {}) => ({
      ...current,
      ...changed(textsIn(current['tags'])),
    }));
    return { registered_model: registry.showModel(record) };
  };
  return [
    ['POST', 'registered-models/create', (p, caller) => createModel(registry, p, caller)],
    [
      'GET',
      'registered-models/get',
      async (p) => ({ registered_model: registry.showModel(registry.model(p.needed('name'))) }),
    ],
    [['GET', 'POST'], 'registered-models/search', async (p) => searchModels(registry, p)],
    ['GET', 'registered-models/list', async (p) => searchModels(registry, p)],
    [
      'PATCH',
      'registered-models/update',
      (p, caller) => change(p.needed('name'), caller, () => ({ description: p.text('description') ?? '' })),
    ],
    [
      'POST',
      'registered-models/rename',
      async () => {
        throw userError('Azure Machine Learning does not rename registered models.');
      },
    ],
    [
      'DELETE',
      'registered-models/delete',
      async (p) => {
        const { name } = registry.model(p.needed('name'));
        await registry.deleteModel(name);
        return {};
      },
    ],
    [
      'POST',
      'registered-models/set-tag',
      async (p, caller) => {
        const tag = { [p.needed('key')]: p.text('value') ?? '' };
        await change(p.needed('name'), caller, (tags) => ({ tags: { ...tags, ...tag } }));
        return {};
      },
    ],
    [
      'DELETE',
      'registered-models/delete-tag',
      async (p, caller) => {
        const key = p.needed('key');
        await change(p.needed('name'), caller, (tags) => ({
          tags: Object.fromEntries(Object.entries(tags).filter(([tag]) => tag !== key)),
        }));
        return {};
      },
    ],
    [['GET', 'POST'], 'registered-models/get-latest-versions', async (p) => latestVersions(registry, p)],
    [
      'POST',
      'registered-models/alias',
      async (p) => {
        const { name, version } = registry.version(p.needed('name'), p.needed('version'));
        await registry.aliases.put(`${name}/${p.needed('alias')}`, version);
        return {};
      },
    ],
    [
      'DELETE',
      'registered-models/alias',
      async (p) => {
        await registry.aliases.delete(`${p.needed('name')}/${p.needed('alias')}`);
        return {};
      },
    ],
    [
      'GET',
      'registered-models/alias',
      async (p) => {
        const [name, alias] = [p.needed('name'), p.needed('alias')];
        const version = registry.aliases.get(`${name}/${alias}`);
        if (version === undefined) throw userError(`The registered model '${name}' has no alias '${alias}'.`);
        return { model_version: registry.showVersion(registry.version(name, version)) };
      },
    ],
  ];
}

async function createModel(registry: Registry, p: Parameters, caller: Caller): Promise<object> {
  const name = checkName('model name', p.needed('name'));
  if (registry.store.container(name)) throw conflict(`Registered Model (name=${name}) already exists.`);
  const description = p.text('description');
  const { record } = await registry.store.putContainer(name, caller, (current) => ({
    properties: {},
    isArchived: false,
    ...current,
    tags: p.pairs('tags'),
    ...(description === undefined ? {} : { description }),
  }));
  return { registered_model: registry.showModel(record) };
}

function searchModels(registry: Registry, p: Parameters): object {
  const look = (record: ContainerRecord, group: string, key: string): string | number | undefined => {
    if (group === 'tags') return tagIn(record.properties, key);
    if (key === 'name') return record.name;
    if (key === 'last_updated_timestamp') return Date.parse(record.modifiedAt);
    throw userError(`Registered models cannot be searched by '${key}'.`);
  };
  const isWanted = matching(p.text('filter'), look);
  const found = registry.models().filter(isWanted);
  const [order] = p.texts('order_by');
  const sorted = order === undefined ? found : sortBy(found, order, look);
  const { items, next } = pageBy(sorted, p, 1000);
  return { registered_models: items.map((record) => registry.showModel(record)), ...next };
}

function sortBy<T>(
  items: readonly T[],
  order: string,
  look: (item: T, group: string, key: string) => string | number | undefined,
): T[] {
  const { group, key, descending } = ordering(order);
  const sign = descending ? -1 : 1;
  return [...items].sort((one, other) =>
    (look(one, group, key) ?? '') < (look(other, group, key) ?? '') ? -sign : sign,
  );
}

/** The newest version of every stage, or of the stages that are asked for. */
function latestVersions(registry: Registry, p: Parameters): object {
  const { name } = registry.model(p.needed('name'));
  const wanted = p.texts('stages').map((stage) => knownStage(stage) ?? stage);
  const newest = new Map<string, VersionRecord>();
  for (const record of registry.versions(name)) {
    const stage = stageOf(record.properties);
    if (!newest.has(stage) && (wanted.length === 0 || wanted.includes(stage))) newest.set(stage, record);
  }
  return { model_versions: [...newest.values()].map((record) => registry.showVersion(record)) };
}
