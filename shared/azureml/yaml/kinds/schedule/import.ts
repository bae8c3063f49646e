import { MONITOR_VERSION } from '../../apiVersions.ts';
import type { DraftMap } from '../../compilation.ts';
import type { YamlNode } from '../../document/node.ts';
import { readYamlFile } from '../../document/read.ts';
import { draft } from '../../draft.ts';
import { members } from '../../fields/collections.ts';
import { required, type Field } from '../../fields/field.ts';
import { reportFrom } from '../../fields/report.ts';
import type { Scope } from '../../fields/scope.ts';
import { existingPath } from '../../references/paths.ts';
import { readImport } from '../dataImport/definition.ts';
import type { KindReader } from '../family.ts';
import { pages } from '../pages.ts';
import { SCHEDULE_IGNORED, scheduleOf, scheduleShape } from './base.ts';

/** Data to import, in place or in a file of its own. */
const importData: Field<DraftMap> = {
  expected: 'a data import, or the path of its file',
  read(node, scope) {
    if (node.kind === 'map') return definitionOf(node, scope);
    if (node.kind !== 'scalar' || node.type !== 'str') return scope.unexpected(node, this.expected);
    const file = existingPath(node.value, node, scope, 'file');
    const document = file === undefined ? undefined : reportFrom(scope, () => readYamlFile(file));
    if (!document) return undefined;
    return definitionOf(document.root, scope.elsewhere({ folder: document.folder, page: pages.dataImport }));
  },
};

function definitionOf(node: YamlNode, scope: Scope): DraftMap | undefined {
  const read = readImport(node, scope);
  if (!read) return undefined;
  const { source } = read;
  return draft({
    assetName: read.name,
    dataType: 'uri_folder',
    dataUri: read.path,
    description: read.description,
    tags: read.tags ?? {},
    properties: {},
    isAnonymous: false,
    isArchived: false,
    source:
      source &&
      draft({
        sourceType: source.kind,
        connection: source.connection,
        ...(source.kind === 'database' ? { query: source.query } : { path: source.path }),
      }),
  });
}

/** A schedule that imports data. */
export const importSchedule: KindReader = (node, scope) => {
  const shape = { ...scheduleShape, import_data: required(importData) };
  const read = members(node, scope, shape, { ignored: SCHEDULE_IGNORED });
  if (!read) return undefined;
  const action = { actionType: 'ImportData', dataImportDefinition: read.import_data ?? {} };
  return { ...scheduleOf(read, action), apiVersion: MONITOR_VERSION };
};
