import type { Caller } from '../../context.ts';
import { userError } from '../../server/failures.ts';
import type { VersionRecord } from '../assets/records.ts';
import type { MlflowCall } from './call.ts';
import { matching } from './filter.ts';
import { pageBy } from './listing.ts';
import type { Parameters } from './parameters.ts';
import { knownStage, type Registry, stageOf, tagIn, textsIn } from './registry.ts';
import type { TakeSource } from './sources.ts';

/** MLflow's model versions; `take` finds the files of new ones. */
export function versionCalls(registry: Registry, take: TakeSource): readonly MlflowCall[] {
  const find = (p: Parameters): VersionRecord => registry.version(p.needed('name'), p.needed('version'));
  const change = async (
    p: Parameters,
    caller: Caller,
    changed: (current: VersionRecord) => object,
  ): Promise<object> => {
    const current = find(p);
    const { name, version } = current;
    const { record } = await registry.store.putVersion({
      name,
      version,
      caller,
      merge: (properties = {}) => ({ ...properties, ...changed(current) }),
    });
    return { model_version: registry.showVersion(record) };
  };
  return [
    ['POST', 'model-versions/create', (p, caller) => createVersion(registry, take, p, caller)],
    ['GET', 'model-versions/get', async (p) => ({ model_version: registry.showVersion(find(p)) })],
    [['GET', 'POST'], 'model-versions/search', async (p) => searchVersions(registry, p)],
    [
      'GET',
      'model-versions/get-download-uri',
      async (p) => ({ artifact_uri: registry.downloadUri(find(p)) }),
    ],
    [
      'PATCH',
      'model-versions/update',
      (p, caller) => change(p, caller, () => ({ description: p.text('description') ?? '' })),
    ],
    [
      'POST',
      'model-versions/transition-stage',
      async (p, caller) => {
        const stage = knownStage(p.needed('stage'));
        if (stage === undefined)
          throw userError(
            `The stage '${p.text('stage')}' is not one of None, Staging, Production, Archived.`,
          );
        if (p.flag('archive_existing_versions')) await archiveOthers(registry, find(p), stage, caller);
        return change(p, caller, () => ({ stage }));
      },
    ],
    [
      'POST',
      'model-versions/set-tag',
      async (p, caller) => {
        const tag = { [p.needed('key')]: p.text('value') ?? '' };
        await change(p, caller, ({ properties }) => ({ tags: { ...textsIn(properties['tags']), ...tag } }));
        return {};
      },
    ],
    [
      'DELETE',
      'model-versions/delete-tag',
      async (p, caller) => {
        const key = p.needed('key');
        await change(p, caller, ({ properties }) => ({
          tags: Object.fromEntries(
            Object.entries(textsIn(properties['tags'])).filter(([tag]) => tag !== key),
          ),
        }));
        return {};
      },
    ],
    [
      'DELETE',
      'model-versions/delete',
      async (p) => {
        const { name, version } = find(p);
        await registry.store.deleteVersion(name, version);
        return {};
      },
    ],
  ];
}

/** Becomes the model's next version in ARM, with the run it came from. */
async function createVersion(
  registry: Registry,
  take: TakeSource,
  p: Parameters,
  caller: Caller,
): Promise<object> {
  const { name } = registry.model(p.needed('name'));
  const asked = { source: p.needed('source'), runId: p.text('run_id') };
  const { bytesAt, ...own } = await take(asked, caller);
  const description = p.text('description');
  const { record } = await registry.store.putVersion({
    name,
    version: undefined,
    caller,
    bytesAt,
    merge: () => ({
      properties: {},
      isArchived: false,
      isAnonymous: false,
      modelType: 'mlflow_model',
      tags: p.pairs('tags'),
      ...own,
      ...(description === undefined ? {} : { description }),
    }),
  });
  return { model_version: registry.showVersion(record) };
}

async function archiveOthers(
  registry: Registry,
  kept: VersionRecord,
  stage: string,
  caller: Caller,
): Promise<void> {
  for (const { name, version, properties } of registry.versions(kept.name)) {
    if (version === kept.version || stageOf(properties) !== stage) continue;
    await registry.store.putVersion({
      name,
      version,
      caller,
      merge: (current = {}) => ({ ...current, stage: 'Archived' }),
    });
  }
}

function searchVersions(registry: Registry, p: Parameters): object {
  const isWanted = matching(p.text('filter'), (record: VersionRecord, group, key) => {
    if (group === 'tags') return tagIn(record.properties, key);
    switch (key) {
      case 'name':
        return record.name;
      case 'version_number':
        return Number(record.version);
      case 'run_id':
        return typeof record.properties['jobName'] === 'string' ? record.properties['jobName'] : undefined;
      case 'source_path':
      case 'source':
        return String(record.properties['modelUri']);
      default:
        throw userError(`Model versions cannot be searched by '${key}'.`);
    }
  });
  const found = registry
    .models()
    .flatMap(({ name }) => registry.versions(name))
    .filter((record) => record.properties['isArchived'] !== true && isWanted(record));
  const { items, next } = pageBy(found, p, 10_000);
  return { model_versions: items.map((record) => registry.showVersion(record)), ...next };
}
