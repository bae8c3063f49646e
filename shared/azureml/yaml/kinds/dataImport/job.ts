import { Reference } from '../../compilation.ts';
import type { YamlMap } from '../../document/node.ts';
import { draft } from '../../draft.ts';
import type { Scope } from '../../fields/scope.ts';
import type { KindReader } from '../family.ts';
import { readImport, type ImportSource } from './definition.ts';

const MANAGED = 'azureml://datastores/workspacemanageddatastore';

/** Data to import once: a pipeline of one step, which the service has a component for. */
export const dataImport: KindReader = (node, scope) => {
  const read = readImport(node, scope);
  if (!read) return undefined;
  const setting = node.entries.get('auto_delete_setting');
  if (setting) scope.refuse(setting.key.at, "'auto_delete_setting' cannot be given for imported data.");
  const title = `data_import_${read.name}`;
  const { source } = read;
  const isTable = source?.kind === 'database';
  const sink = draft({
    job_output_type: isTable ? 'mltable' : 'uri_folder',
    name: read.name,
    uri: read.path === undefined ? undefined : sinkOf(read.path, node, scope),
    version: read.version,
  });
  const step = draft({
    _source: 'BUILTIN',
    type: 'data_transfer',
    task: 'import_data',
    display_name: title,
    componentId: `azureml://registries/azureml/components/import_data_${source?.kind ?? ''}/versions/0.0.1`,
    computeId: new Reference({ kind: 'named', type: 'computes', name: 'serverless' }, node.at),
    outputs: { sink },
    source: source && sourceOf(source),
  });
  const properties = {
    jobType: 'Pipeline',
    description: read.description || title,
    displayName: title,
    experimentName: title,
    tags: read.tags ?? {},
    properties: { 'azureml.materializationAssetName': read.name ?? '' },
    isArchived: false,
    settings: { _source: 'CLASS', force_rerun: true },
    inputs: {},
    outputs: {},
    jobs: { [title]: step },
  };
  return { name: undefined, body: { properties } };
};

function sourceOf({ kind, connection, query, path, procedure, parameters }: ImportSource) {
  return draft({
    type: kind,
    connection,
    query,
    path,
    stored_procedure: procedure,
    stored_procedure_params: parameters,
  });
}

/** Each import goes to a folder of its own; in the datastore of the workspace, right at its root. */
function sinkOf(path: string, node: YamlMap, scope: Scope): string | undefined {
  if (!/^[a-z]+:\/\//i.test(path)) {
    const at = node.entries.get('path')?.value.at ?? node.at;
    return scope.refuse(
      at,
      `'path' is '${path}'; data is imported to a datastore, azureml://datastores/<name>/...`,
    );
  }
  const isManaged = path === MANAGED || path.startsWith(`${MANAGED}/`);
  const plain = path.replace(/\/+$/, '');
  if (isManaged && plain !== MANAGED) {
    const at = node.entries.get('path')?.value.at ?? node.at;
    return scope.refuse(at, `The workspace's own datastore takes no path within it; write '${MANAGED}'.`);
  }
  const folder = isManaged ? `${MANAGED}/paths` : path;
  return folder.includes('${{name}}') ? folder : `${folder.replace(/\/+$/, '')}/\${{name}}`;
}
