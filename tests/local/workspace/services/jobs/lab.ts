import { startTestWorkspace, type Answer, type TestWorkspace } from '../../../../helpers/workspace.ts';
import type { WorkspaceOptions } from '../../../../../local/workspace/index.ts';

const VERSION = 'api-version=2025-12-01';
const ENDED = ['Completed', 'Failed', 'Canceled'];
const BASE_IMAGE = 'mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04';

/** A workspace with what job tests need: an environment without packages, uploads, and ways to wait. */
export interface Lab extends TestWorkspace {
  /** An ARM address below the workspace, with api-version. */
  url(path: string, query?: string): string;
  /** A data-plane address, for example `/history/v1.0` and `/runs/x`. */
  plane(prefix: string, path: string): string;
  /** The ARM id of an environment that asks for nothing. */
  readonly environmentId: string;
  put(path: string, properties: object): Promise<Answer>;
  /** Submits a command job; members not given are filled in. */
  submit(name: string, properties: object): Promise<Answer>;
  /** Resolves with the job when its run has ended. */
  ended(name: string): Promise<any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- tests look into answers freely
  /** Resolves when the job has this status or another that comes later. */
  reached(name: string, status: string, withinInMs?: number): Promise<void>;
  details(name: string): Promise<any>; // eslint-disable-line @typescript-eslint/no-explicit-any
  /** The text of one of the run's logs. */
  log(name: string, file?: string): Promise<string>;
  /** Puts a code asset with these files and returns its ARM id. */
  code(name: string, files: Readonly<Record<string, string>>): Promise<string>;
  /** Writes a blob into the workspace's default container. */
  upload(path: string, content: string): Promise<void>;
  /** The text of a blob in a container, or undefined. */
  blob(path: string, container?: string): Promise<string | undefined>;
}

/** Starts a workspace for job tests; `fresh: false` when its data folder was used before. */
export async function openLab(options: Partial<WorkspaceOptions> = {}): Promise<Lab> {
  const workspace = await startTestWorkspace(options);
  await workspace.storageReady;
  const { send, id } = workspace;
  const url = (path: string, query = '') => `${id}${path}?${VERSION}${query}`;
  const put = (path: string, properties: object) => send('PUT', url(path), { body: { properties } });
  const environmentId = `${id}/environments/plain/versions/1`;
  await put('/environments/plain/versions/1', { image: BASE_IMAGE });
  const defaultContainer = () => placeOf(workspace, 'workspaceblobstore');
  const inDefault = async (path: string): Promise<Answer> => {
    const { container, origin, sas } = await defaultContainer();
    return send('GET', `${origin}/${container}/${path}?${sas}`, { token: false });
  };
  const artifact = (path: string): Promise<Answer> => {
    const [origin, container, ...rest] = path.split('/');
    const content = `/artifacts/${origin}/${container}/content?path=${encodeURIComponent(rest.join('/'))}`;
    return send('GET', `/artifact/v2.0${id}${content}`);
  };
  const status = async (name: string): Promise<string> =>
    (await send('GET', url(`/jobs/${name}`))).json.properties.status;
  const details = async (name: string) => (await send('GET', `/history/v1.0${id}/runs/${name}/details`)).json;
  const lab: Lab = {
    ...workspace,
    url,
    put,
    environmentId,
    plane: (prefix, path) => `${prefix}${id}${path}`,
    submit: (name, properties) =>
      put(`/jobs/${name}`, {
        jobType: 'Command',
        environmentId,
        computeId: `${id}/computes/cpu-cluster`,
        ...properties,
      }),
    ended: async (name) => {
      await until(async () => ENDED.includes(await status(name)), `${name} to end`);
      return (await send('GET', url(`/jobs/${name}`))).json;
    },
    reached: (name, wanted, withinInMs) =>
      until(
        async () => [wanted, ...ENDED].includes(await status(name)),
        `${name} to be ${wanted}`,
        withinInMs,
      ),
    details,
    log: async (name, file = 'user_logs/std_log.txt') => {
      const address = (await details(name)).logFiles[file];
      return address === undefined ? '' : (await send('GET', address, { token: false })).text;
    },
    code: async (name, files) => {
      for (const [file, content] of Object.entries(files))
        await lab.upload(`LocalUpload/${name}/src/${file}`, content);
      const { container, origin } = await defaultContainer();
      await put(`/codes/${name}/versions/1`, {
        codeUri: `${origin}/${container}/LocalUpload/${name}/src`,
        isAnonymous: true,
      });
      return `${id}/codes/${name}/versions/1`;
    },
    upload: async (path, content) => {
      const { container, origin, sas } = await defaultContainer();
      const headers = {
        'x-ms-blob-type': 'BlockBlob',
        'x-ms-version': '2021-12-02',
        'content-type': 'text/plain',
      };
      const answer = await send('PUT', `${origin}/${container}/${path}?${sas}`, {
        body: content,
        headers,
        token: false,
      });
      if (answer.status !== 201) throw new Error(`upload of ${path}: ${answer.status} ${answer.text}`);
    },
    blob: async (path, container) => {
      const answer = container === 'azureml' ? await artifact(path) : await inDefault(path);
      return answer.status === 200 ? answer.text : undefined;
    },
  };
  return lab;
}

/** Waits for something another process does; the test's own time limit ends it. */
export async function until(
  isSo: () => Promise<boolean> | boolean,
  what: string,
  withinInMs = 100_000,
): Promise<void> {
  const end = Date.now() + withinInMs;
  while (Date.now() < end) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited in vain for ${what}`);
}

interface Place {
  readonly origin: string;
  readonly container: string;
  readonly sas: string;
}

/** A container, and what opens it. */
async function placeOf({ send, id, address }: TestWorkspace, datastore: string): Promise<Place> {
  const { json } = await send('GET', `${id}/datastores/${datastore}?${VERSION}`);
  const secrets = await send('POST', `${id}/datastores/${datastore}/listSecrets?${VERSION}`, {
    body: { expirableSecret: true },
  });
  return { origin: address.blobUrl, container: json.properties.containerName, sas: secrets.json.sasToken };
}
