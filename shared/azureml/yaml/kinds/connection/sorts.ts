import type { Draft } from '../../compilation.ts';
import type { Shape } from '../../fields/collections.ts';
import { text } from '../../fields/basic.ts';
import { record } from '../../fields/collections.ts';
import { optional, required } from '../../fields/field.ts';
import { oneOf } from '../../fields/basic.ts';
import { secret } from '../../fields/secret.ts';
import { SIGN_INS, type SignIn } from './credentials.ts';

/** What a type of connection has beside what all have. */
export interface ConnectionSort {
  /** The service's name. */
  readonly category: string;
  readonly shape: Shape;
  /** The member that holds the address where it is not `target`; it must be there. */
  readonly address?: string;
  readonly needsNoAddress?: boolean;
  readonly signIns: readonly SignIn[];
  /** Members that go into the metadata, and what is always there. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly constants?: Readonly<Record<string, Draft>>;
  /** Signs in by `api_key`, or by Entra where there is none. */
  readonly byKey?: boolean;
  /** Where `credentials` is absent. */
  readonly signsInBy: 'aad' | 'none';
}

const freeKey = { api_key: optional(secret) };
const neededKey = { api_key: required(secret) };
const plain = { shape: {}, signIns: SIGN_INS, metadata: {}, signsInBy: 'none' } as const;
const keyed = { signIns: SIGN_INS, metadata: {}, byKey: true, signsInBy: 'aad' } as const;
const service = { ...keyed, address: 'endpoint', shape: { ...freeKey, endpoint: text } } as const;

const artifact = record({ type: required(oneOf(['lake_house'])), name: required(text) });

export const CONNECTIONS = {
  git: { ...plain, category: 'Git' },
  container_registry: { ...plain, category: 'ContainerRegistry' },
  python_feed: { ...plain, category: 'PythonFeed' },
  s3: { ...plain, category: 'S3' },
  snowflake: { ...plain, category: 'Snowflake' },
  azure_sql_db: { ...plain, category: 'AzureSqlDb' },
  azure_synapse_analytics: { ...plain, category: 'AzureSynapseAnalytics' },
  azure_my_sql_db: { ...plain, category: 'AzureMySqlDb' },
  azure_postgres_db: { ...plain, category: 'AzurePostgresDb' },
  custom: { ...plain, category: 'CustomKeys' },
  azure_data_lake_gen2: {
    ...plain,
    category: 'ADLSGen2',
    signIns: ['service_principal', 'managed_identity', 'aad', 'none'],
    signsInBy: 'aad',
  },
  azure_blob: {
    category: 'AzureBlob',
    shape: { url: text, account_name: required(text), container_name: required(text) },
    address: 'url',
    signIns: ['sas', 'account_key', 'aad'],
    metadata: { account_name: 'AccountName', container_name: 'ContainerName' },
    signsInBy: 'aad',
  },
  azure_one_lake: {
    category: 'AzureOneLake',
    shape: { endpoint: required(text), one_lake_workspace_name: text, artifact: optional(artifact) },
    signIns: ['service_principal', 'aad'],
    metadata: {},
    signsInBy: 'aad',
  },
  azure_open_ai: {
    ...keyed,
    category: 'AzureOpenAI',
    shape: {
      ...freeKey,
      azure_endpoint: text,
      api_version: optional(text),
      open_ai_resource_id: optional(text),
    },
    address: 'azure_endpoint',
    metadata: { api_version: 'ApiVersion', open_ai_resource_id: 'ResourceId' },
    constants: { ApiType: 'Azure' },
  },
  azure_ai_services: {
    ...service,
    category: 'AIServices',
    shape: { ...service.shape, ai_services_resource_id: required(text) },
    metadata: { ai_services_resource_id: 'ResourceId' },
  },
  azure_ai_search: { ...service, category: 'CognitiveSearch' },
  azure_content_safety: {
    ...service,
    category: 'CognitiveService',
    constants: { Kind: 'Content Safety' },
  },
  azure_speech_services: { ...service, category: 'CognitiveService', constants: { Kind: 'speech' } },
  api_key: {
    ...keyed,
    category: 'ApiKey',
    shape: { ...neededKey, api_base: required(text) },
    address: 'api_base',
  },
  open_ai: { ...keyed, category: 'OpenAI', shape: neededKey, needsNoAddress: true },
  serp: { ...keyed, category: 'Serp', shape: neededKey, needsNoAddress: true },
  serverless: {
    ...keyed,
    category: 'Serverless',
    shape: { ...neededKey, endpoint: text },
    address: 'endpoint',
  },
} as const satisfies Readonly<Record<string, ConnectionSort>>;

export type ConnectionType = keyof typeof CONNECTIONS;
export const CONNECTION_TYPES = Object.keys(CONNECTIONS) as readonly ConnectionType[];
