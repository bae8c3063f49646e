import { type Context, Hono } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { artifactPath, recordsIn } from '../../engine/jobs/records/index.ts';
import { isObject, readBody } from '../../server/bodies.ts';
import { failure, notFound, userError } from '../../server/failures.ts';
import { dataPlanePath } from '../../server/paths.ts';
import { MODEL_VERSION, placeOfModel } from './modelVersions.ts';
import { reachableRun } from '../runs/reach.ts';
import { checkArtifactPath } from './path.ts';

const SAS_LIFETIME_IN_SECONDS = 24 * 60 * 60;
const PAGE_SIZE = 500;

const history = dataPlanePath('/history/v1.0');
/** Artifacts are addressed below their run, or by origin and container. */
const PATHS = [
  `${history}/experiments/:experiment/runs/:runId/artifacts`,
  `${history}/experimentids/:experiment/runs/:runId/artifacts`,
  `${history}/runs/:runId/artifacts`,
  `${dataPlanePath('/artifact/v2.0')}/artifacts/:origin/:container`,
] as const;

/** Where some artifacts are: `ExperimentRun/dcid.<run>/` or `LocalUpload/<container>/`. */
interface Container {
  readonly origin: string;
  readonly container: string;
  readonly prefix: string;
  /** The container in storage. */
  readonly place: string;
  /** Nothing may be written here. */
  readonly isFixed?: boolean;
}

/** Artifacts up and down: names for empty ones with a place to write to, lists, and addresses to read from. */
export function artifactsRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  for (const path of PATHS) {
    app.post(`${path}/batch/metadata`, (request) => createEmpty(context, request));
    app.get(path, (request) => list(context, request, request.req.query('path') ?? ''));
    app.get(`${path}/path`, (request) => list(context, request, request.req.query('path') ?? ''));
    app.get(`${path}/metadata`, (request) => one(context, request, showArtifact));
    app.get(`${path}/contentinfo`, (request) =>
      one(context, request, (at, file) => showContent(context, at, file, 'r')),
    );
    app.get(`${path}/prefix/contentinfo`, (request) => listContents(context, request));
    app.get(`${path}/artifacturi`, (request) =>
      one(context, request, (at, file) => ({ artifactUri: signed(context, at, file, 'r') })),
    );
    app.get(`${path}/content`, (request) => download(context, request));
  }
  return app;
}

/** Names artifacts and says where to write each; a name that would leave its container is an error of that name alone. */
async function createEmpty(context: WorkspaceContext, request: Context<WorkspaceEnv>): Promise<Response> {
  const at = containerOf(context, request);
  if (at.isFixed) throw userError(`The files of the registered model '${at.container}' cannot be changed.`);
  await context.storageReady;
  const { paths } = await readBody(request);
  const names = (Array.isArray(paths) ? paths : []).map((item: unknown) =>
    isObject(item) ? String(item['path'] ?? '') : String(item),
  );
  if (names.length === 0) throw userError("The member 'body.paths' is required.");
  const good = names.filter((name) => checkArtifactPath(name) === undefined);
  const bad = names.flatMap((name) => {
    const message = checkArtifactPath(name);
    return message === undefined ? [] : [[name, { error: { code: 'UserError', message } }]];
  });
  return request.json({
    artifacts: Object.fromEntries(good.map((name) => [name, showArtifact(at, name)])),
    artifactContentInformation: Object.fromEntries(
      good.map((name) => [name, showContent(context, at, name, 'rcw')]),
    ),
    errors: Object.fromEntries(bad),
  });
}

async function list(
  context: WorkspaceContext,
  request: Context<WorkspaceEnv>,
  folder: string,
): Promise<Response> {
  const at = containerOf(context, request);
  const files = await filesIn(context, at, folder);
  const { page, rest } = pageOf(context, request, files);
  return request.json({ value: page.map((file) => showArtifact(at, file)), ...rest });
}

async function listContents(context: WorkspaceContext, request: Context<WorkspaceEnv>): Promise<Response> {
  const at = containerOf(context, request);
  const files = await filesIn(context, at, request.req.query('path') ?? '');
  const { page, rest } = pageOf(context, request, files);
  return request.json({ value: page.map((file) => showContent(context, at, file, 'r')), ...rest });
}

async function one(
  context: WorkspaceContext,
  request: Context<WorkspaceEnv>,
  show: (at: Container, file: string) => object,
): Promise<Response> {
  const at = containerOf(context, request);
  return request.json(show(at, await existing(context, request, at)));
}

async function download(context: WorkspaceContext, request: Context<WorkspaceEnv>): Promise<Response> {
  const at = containerOf(context, request);
  const file = await existing(context, request, at);
  const content = await context.storage.download(at.place, at.prefix + file);
  return request.body(new Uint8Array(content), 200, { 'content-type': 'application/octet-stream' });
}

async function existing(
  { storage, storageReady }: WorkspaceContext,
  request: Context<WorkspaceEnv>,
  at: Container,
): Promise<string> {
  const file = request.req.query('path') ?? '';
  const fault = checkArtifactPath(file);
  if (fault !== undefined) throw userError(fault);
  await storageReady;
  if (!(await storage.exists(at.place, at.prefix + file)))
    throw notFound(`The artifact '${file}' of '${at.container}'`);
  return file;
}

async function filesIn(
  { storage, storageReady }: WorkspaceContext,
  at: Container,
  folder: string,
): Promise<string[]> {
  await storageReady;
  const files: string[] = [];
  for await (const { path } of storage.list(at.place, at.prefix + folder))
    files.push(path.slice(at.prefix.length));
  return files;
}

/** The container that the path names. Containers of runs are within reach of whoever reaches the run; others are not a job's. */
function containerOf(context: WorkspaceContext, request: Context<WorkspaceEnv>): Container {
  const {
    runId,
    origin = 'ExperimentRun',
    container = '',
  } = request.req.param() as Record<string, string | undefined>;
  const caller = request.get('caller');
  const ofRun = runId ?? (origin === 'ExperimentRun' ? container.replace(/^dcid\./, '') : undefined);
  if (ofRun !== undefined) {
    reachableRun(recordsIn(context.store), caller, ofRun);
    return {
      origin: 'ExperimentRun',
      container: `dcid.${ofRun}`,
      prefix: artifactPath(ofRun),
      place: context.storage.artifactContainer,
    };
  }
  const fault = checkArtifactPath(`${origin}/${container}`);
  if (fault !== undefined) throw userError(fault);
  if (origin === MODEL_VERSION) {
    const model = placeOfModel(context, container);
    return { origin, container, prefix: model.path, place: model.container, isFixed: true };
  }
  if (origin !== 'LocalUpload')
    throw failure(404, 'NotFound', `There are no artifacts of the origin '${origin}'.`);
  const place = context.storage.artifactContainer;
  return { origin, container, prefix: `${origin}/${container}/`, place };
}

function showArtifact({ origin, container }: Container, path: string): object {
  return {
    artifactId: `${origin}/${container}/${path}`,
    origin,
    container,
    path,
    etag: null,
    createdTime: null,
    dataPath: null,
    tags: {},
  };
}

function showContent(context: WorkspaceContext, at: Container, path: string, permissions: string): object {
  return {
    contentUri: signed(context, at, path, permissions),
    origin: at.origin,
    container: at.container,
    path,
    tags: {},
  };
}

/** Under the account's own host name: azureml-mlflow reads nothing from any other. */
function signed(
  { storage, urls }: WorkspaceContext,
  at: Container,
  path: string,
  permissions: string,
): string {
  const url = storage.sasUrl(at.place, at.prefix + path, permissions, SAS_LIFETIME_IN_SECONDS);
  return url.replace(urls.blob, urls.account);
}

function pageOf(
  context: WorkspaceContext,
  request: Context<WorkspaceEnv>,
  files: readonly string[],
): { page: readonly string[]; rest: object } {
  const start =
    Number(request.req.query('continuationToken') ?? request.req.query('$continuationtoken') ?? 0) || 0;
  const end = start + Math.min(Number(request.req.query('pageSize')) || PAGE_SIZE, PAGE_SIZE);
  if (end >= files.length)
    return { page: files.slice(start), rest: { continuationToken: null, nextLink: null } };
  const url = new URL(request.req.url);
  url.searchParams.set('continuationToken', String(end));
  const nextLink = `${context.urls.api}${url.pathname}${url.search}`;
  return { page: files.slice(start, end), rest: { continuationToken: String(end), nextLink } };
}
