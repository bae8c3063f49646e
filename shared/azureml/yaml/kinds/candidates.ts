import type { YamlMap } from '../document/node.ts';
import { typeOf } from './family.ts';
import type { NamedKind } from './names.ts';

/** What tells a kind from others by its text alone. */
interface Signs {
  /** Words after `type:` that mean this kind; '' where it may be left out. */
  readonly types: readonly string[];
  /** Keys that a file of this kind has: all of them. */
  readonly needs: readonly string[];
  /** Keys of other kinds that a file of this kind never has. */
  readonly never?: readonly string[];
}

const ONLY_JOBS = ['compute', 'experiment_name', 'services', 'identity', 'queue_settings', 'settings'];
const ONLY_COMPONENTS = ['is_deterministic', 'version'];
const ONLY_DEPLOYMENTS = ['endpoint_name', 'instance_type', 'model', 'code_configuration'];
const ONLY_ONLINE = ['traffic', 'mirror_traffic', 'public_network_access'];
const untyped = (...needs: string[]): Signs => ({ types: [''], needs });
const typed = (type: string, ...needs: string[]): Signs => ({ types: [type], needs });

const SIGNS: readonly (readonly [NamedKind, Signs])[] = [
  ['commandJob', { types: ['', 'command'], needs: ['command'], never: ONLY_COMPONENTS }],
  ['commandComponent', { types: ['', 'command'], needs: ['command', 'name'], never: ONLY_JOBS }],
  ['sweepJob', typed('sweep', 'trial')],
  ['pipelineJob', { types: ['pipeline'], needs: ['jobs'], never: ONLY_COMPONENTS }],
  ['pipelineJob', { types: ['pipeline'], needs: ['component'], never: ['endpoint_name'] }],
  ['pipelineComponent', { types: ['pipeline'], needs: ['jobs', 'name'], never: ONLY_JOBS }],
  ['autoMLJob', typed('automl', 'task')],
  ['sparkJob', { types: ['spark'], needs: ['entry'], never: ONLY_COMPONENTS }],
  ['sparkComponent', { types: ['spark'], needs: ['entry', 'name'], never: [...ONLY_JOBS, 'resources'] }],
  ['parallelComponent', typed('parallel', 'task')],
  ['finetuningJob', typed('finetuning')],
  ['finetuningJob', typed('distillation')],
  ['importJob', typed('import')],
  ['dataTransferJob', typed('data_transfer')],
  ['environment', { types: [''], needs: ['image', 'name'], never: ONLY_DEPLOYMENTS }],
  ['environment', { types: [''], needs: ['build', 'name'], never: ONLY_DEPLOYMENTS }],
  ['model', { types: ['', 'custom_model', 'mlflow_model', 'triton_model'], needs: ['path', 'name'] }],
  [
    'data',
    {
      types: ['', 'uri_file', 'uri_folder', 'mltable'],
      needs: ['path', 'name'],
      never: ['source', 'flavors'],
    },
  ],
  ['dataImport', { types: ['', 'uri_file', 'uri_folder', 'mltable'], needs: ['path', 'source'] }],
  ['azureBlob', typed('azure_blob', 'account_name')],
  ['azureFile', typed('azure_file', 'account_name')],
  ['azureDataLakeGen1', typed('azure_data_lake_gen1', 'store_name')],
  ['azureDataLakeGen2', typed('azure_data_lake_gen2', 'account_name')],
  ['oneLake', typed('one_lake', 'artifact')],
  ['managedOnlineEndpoint', { types: ['', 'online'], needs: ['auth_mode'], never: ['compute', 'defaults'] }],
  ['kubernetesOnlineEndpoint', untyped('auth_mode', 'compute')],
  ['managedOnlineDeployment', { types: ['', 'managed'], needs: ['endpoint_name', 'instance_type'] }],
  ['kubernetesOnlineDeployment', typed('kubernetes', 'endpoint_name')],
  ['batchEndpoint', { types: ['', 'batch'], needs: ['name', 'defaults'] }],
  [
    'batchEndpoint',
    { types: ['', 'batch'], needs: ['name', 'auth_mode'], never: ['compute', ...ONLY_ONLINE] },
  ],
  ['batchDeployment', untyped('endpoint_name', 'compute')],
  ['modelBatchDeployment', typed('model', 'endpoint_name', 'compute')],
  ['pipelineComponentBatchDeployment', typed('pipeline', 'endpoint_name')],
  ['schedule', untyped('trigger', 'create_job')],
  ['monitorSchedule', untyped('trigger', 'create_monitor')],
  ['importDataSchedule', untyped('trigger', 'import_data')],
  ['amlCompute', typed('amlcompute')],
  ['computeInstance', typed('computeinstance')],
  ['vmCompute', typed('virtualmachine')],
  ['kubernetesCompute', { types: ['kubernetes'], needs: ['resource_id'], never: ['endpoint_name'] }],
  ['synapseSparkCompute', typed('synapsespark')],
  ['workspace', { types: [''], needs: ['name', 'location'], never: ['auth_mode', 'trigger', 'image'] }],
  ['connection', connection('target')],
  ['connection', connection('credentials')],
];

function connection(key: string): Signs {
  const types = [
    'git',
    'python_feed',
    'container_registry',
    'snowflake',
    's3',
    'azure_sql_db',
    'azure_synapse_analytics',
    'azure_my_sql_db',
    'azure_postgres_db',
    'adls_gen_2',
    'azure_open_ai',
    'azure_ai_services',
    'api_key',
    'custom',
    'serverless',
    'serp',
    'open_ai',
    'cognitive_search',
    'cognitive_service',
    'azure_content_safety',
    'azure_speech_services',
  ];
  return { types, needs: [key] };
}

/** The kinds a file can be by its `type` and its keys. */
export function candidates(root: YamlMap): readonly NamedKind[] {
  const fitting = SIGNS.filter(([, signs]) => fits(root, signs)).map(([kind]) => kind);
  return [...new Set(fitting)];
}

function fits(root: YamlMap, { types, needs, never = [] }: Signs): boolean {
  const type = root.entries.has('type') ? (typeOf(root) ?? 'no word') : '';
  return (
    types.includes(type) &&
    needs.every((key) => root.entries.has(key)) &&
    !never.some((key) => root.entries.has(key))
  );
}
