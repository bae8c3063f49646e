import type { Arm, RequestOptions } from '../connect/arm.ts';
import { waitForOperation } from '../connect/operation.ts';
import { pages } from '../connect/paging.ts';
import { record, text, texts, type Json } from '../connect/parse.ts';

export type ModelType = 'custom_model' | 'mlflow_model' | 'triton_model';

export interface ModelVersion {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly modelUri: string;
  readonly modelType: string;
  readonly description: string | undefined;
  readonly stage: string | undefined;
  /** The job that made it, when the service knows. */
  readonly jobName: string | undefined;
  readonly createdAt: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, string>>;
  readonly raw: Json;
}

export interface Models {
  get(name: string, version: string, options?: RequestOptions): Promise<ModelVersion | undefined>;
  /** Newest first (by creation), read page by page; `properties` narrows the list where the service filters. */
  list(
    name: string,
    options?: RequestOptions & { readonly properties?: Readonly<Record<string, string>> },
  ): AsyncIterable<ModelVersion>;
  /** The most recently created version. */
  latest(name: string, options?: RequestOptions): Promise<ModelVersion | undefined>;
  /** The version the service would give next; "1" for a new name, undefined where versions are not numbers. */
  nextVersion(name: string, options?: RequestOptions): Promise<string | undefined>;
  /** Creates a version; a version that exists is a `conflict`. */
  create(name: string, version: string, properties: Json, options?: RequestOptions): Promise<ModelVersion>;
  /** Changes what may be changed of a version: tags, description; properties can only be added. */
  update(
    model: ModelVersion,
    changes: { tags?: Record<string, string>; properties?: Record<string, string> },
    options?: RequestOptions,
  ): Promise<ModelVersion>;
}

/** `parentId` is the workspace's ARM id, or a registry's. */
export function createModels(arm: Arm, parentId: string): Models {
  const container = (name: string): string => `${parentId}/models/${encodeURIComponent(name)}`;
  const path = (name: string, version: string): string =>
    `${container(name)}/versions/${encodeURIComponent(version)}`;
  const models: Models = {
    async get(name, version, options) {
      const answer = await arm.send(
        `Reading model '${name}:${version}'`,
        'GET',
        path(name, version),
        undefined,
        { ...options, allow: [404] },
      );
      return answer.status === 404 ? undefined : parseModel(answer.body);
    },
    async *list(name, options) {
      const wanted = Object.entries(options?.properties ?? {}).map(([key, value]) => `${key}=${value}`);
      const filter = wanted.length > 0 ? `&properties=${encodeURIComponent(wanted.join(','))}` : '';
      const query = `?$orderBy=${encodeURIComponent('createdtime desc')}&$top=100&listViewType=ActiveOnly${filter}`;
      for await (const item of pages(
        arm,
        `Listing the versions of model '${name}'`,
        `${container(name)}/versions${query}`,
        { ...options, allow: [404] },
      )) {
        yield parseModel(item);
      }
    },
    async latest(name, options) {
      for await (const model of models.list(name, options)) return model;
      return undefined;
    },
    async nextVersion(name, options) {
      const answer = await arm.send(`Reading model '${name}'`, 'GET', container(name), undefined, {
        ...options,
        allow: [404],
      });
      return answer.status === 404 ? '1' : text(record(record(answer.body)['properties'])['nextVersion']);
    },
    async create(name, version, properties, options) {
      const what = `Registering model '${name}:${version}'`;
      const answer = await arm.send(what, 'PUT', path(name, version), { properties }, options);
      if (!answer.header('azure-asyncoperation') && answer.status !== 202) return parseModel(answer.body);
      // A registry takes its time.
      await waitForOperation(arm, what, answer, options);
      return parseModel((await arm.send(what, 'GET', path(name, version), undefined, options)).body);
    },
    async update(model, changes, options) {
      const current = record(model.raw['properties']);
      const properties = {
        ...current,
        tags: { ...texts(current['tags']), ...changes.tags },
        properties: { ...texts(current['properties']), ...changes.properties },
      };
      const what = `Updating model '${model.name}:${model.version}'`;
      return parseModel(
        (await arm.send(what, 'PUT', path(model.name, model.version), { properties }, options)).body,
      );
    },
  };
  return models;
}

function parseModel(body: unknown): ModelVersion {
  const raw = record(body);
  const properties = record(raw['properties']);
  const id = text(raw['id']) ?? '';
  const [, name = '', version = ''] = /\/models\/([^/]+)\/versions\/([^/]+)$/.exec(id) ?? [];
  return {
    id,
    name: decodeURIComponent(name),
    version: decodeURIComponent(version),
    modelUri: text(properties['modelUri']) ?? '',
    modelType: text(properties['modelType']) ?? 'custom_model',
    description: text(properties['description']),
    stage: text(properties['stage']),
    jobName: text(properties['jobName']),
    createdAt: text(record(raw['systemData'])['createdAt']),
    tags: texts(properties['tags']),
    properties: texts(properties['properties']),
    raw,
  };
}
