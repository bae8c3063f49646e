import type { Draft, DraftMap } from '../../compilation.ts';
import type { YamlNode } from '../../document/node.ts';
import { draft, mapValues } from '../../draft.ts';
import { number, oneOf, text } from '../../fields/basic.ts';
import { listOf, mapOf, members, record } from '../../fields/collections.ts';
import { mapped, required, type Field } from '../../fields/field.ts';
import { upload } from '../../references/local.ts';

const RATES = { hour: 'Hour', minute: 'Minute', day: 'Day' } as const;

/** Collecting of inputs and outputs; each collection with data is a data asset of its own, registered on the way. */
export function dataCollector(deployment: YamlNode): Field<DraftMap> {
  return mapped(
    record({
      collections: collectionsOf(nameIn(deployment, 'endpoint_name'), nameIn(deployment, 'name')),
      rolling_rate: oneOf(['hour', 'minute', 'day']),
      sampling_rate: number,
      request_logging: record({ capture_headers: listOf(text) }),
    }),
    (read, node, scope) => {
      const rate = read.sampling_rate;
      if (rate !== undefined && (rate < 0 || rate > 1))
        scope.refuse(node.at, 'The sampling rate is between 0 and 1.');
      return draft({
        collections: mapValues(read.collections ?? {}, (collection) =>
          draft({ ...collection, samplingRate: rate }),
        ),
        rollingRate: read.rolling_rate && RATES[read.rolling_rate],
        requestLogging:
          read.request_logging && draft({ captureHeaders: read.request_logging.capture_headers }),
      });
    },
  );
}

function nameIn(node: YamlNode, key: string): string {
  const value = node.kind === 'map' ? node.entries.get(key)?.value : undefined;
  return value?.kind === 'scalar' ? value.text : '';
}

function collectionsOf(endpoint: string, deployment: string): Field<Record<string, DraftMap>> {
  return {
    expected: 'a mapping of collections by name',
    read(node, scope) {
      const names = mapOf({ expected: 'a collection', read: (value: YamlNode) => value }).read(node, scope);
      if (!names) return undefined;
      const read = Object.keys(names).flatMap((name) => {
        const field = collection({ endpoint, deployment, name });
        const value = names[name] && field.read(names[name], scope.member(name));
        return value ? [[name, value] as const] : [];
      });
      return Object.fromEntries(read);
    },
  };
}

interface Naming {
  readonly endpoint: string;
  readonly deployment: string;
  readonly name: string;
}

function collection(naming: Naming): Field<DraftMap> {
  const data = dataOf(naming);
  return mapped(
    record({ enabled: required(oneOf(['true', 'false'])), data, client_id: text }),
    (read, node, scope) =>
      draft({
        dataCollectionMode: read.enabled === 'true' ? 'Enabled' : 'Disabled',
        dataId: read.data ?? data.read({ kind: 'map', entries: new Map(), at: node.at }, scope),
        clientId: read.client_id,
      }),
  );
}

/** Where a collection goes: by default a folder named after endpoint, deployment and collection. */
function dataOf({ endpoint, deployment, name }: Naming): Field<Draft> {
  const shape = { name: text, path: text, version: text, data_id: text };
  return {
    expected: 'a mapping with name, path and version',
    read(node, scope) {
      if (node.kind === 'scalar') return text.read(node, scope);
      const read = members(node, scope, shape);
      if (!read) return undefined;
      const folder = `modelDataCollector/${endpoint}/${deployment}/${name}`;
      const properties = {
        dataType: 'uri_folder',
        dataUri: read.path ?? `azureml://datastores/workspaceblobstore/paths/${folder}`,
        properties: {},
        tags: {},
        isAnonymous: false,
        isArchived: false,
      };
      return upload(
        {
          kind: 'version',
          type: 'data',
          name: read.name ?? `${endpoint}-${deployment}-${name}`,
          version: read.version ?? '1',
          body: { properties },
          place: node.at,
        },
        scope,
      );
    },
  };
}
