import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestWorkspace, type Answer, type TestWorkspace } from '../../../../helpers/workspace.ts';

const VERSION = 'api-version=2024-10-01';

/** The environment of all tests here: nothing but the inference server, so it is made once and cached. */
const CONDA = 'name: scoring\ndependencies:\n  - pip:\n      - azureml-inference-server-http==1.5.1\n';

/** Answers with the deployment's own environment variable and what came in. */
export const ECHO_SCRIPT = `
import json, os, time

def init():
    with open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.txt")) as file:
        global model
        model = file.read()

def run(raw_data):
    data = json.loads(raw_data)
    time.sleep(data.get("sleep", 0))
    if data.get("exit"):
        os._exit(data["exit"])
    if data.get("fail"):
        raise ValueError(data["fail"])
    return {"from": os.environ.get("COLOUR", "none"), "model": model, "pid": os.getpid(), "data": data}
`;

/** A workspace with a model, an environment and the means to deploy scripts. */
export interface OnlineKit {
  readonly workspace: TestWorkspace;
  arm(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Sends, and follows the operation to its end; the status body of a failed one is in \`operation\`. */
  done(method: string, path: string, body?: unknown): Promise<Done>;
  /** Uploads files as a client does; returns the address of the folder they are in. */
  upload(asset: string, name: string, files: Record<string, string | Uint8Array>): Promise<string>;
  code(name: string, script: string): Promise<string>;
  endpoint(name: string, properties?: object): Promise<Done>;
  deployment(endpoint: string, name: string, options?: DeploymentOptions): Promise<Done>;
  body(name: string, options?: DeploymentOptions): Promise<object>;
  traffic(
    endpoint: string,
    traffic: Record<string, number>,
    mirrorTraffic?: Record<string, number>,
  ): Promise<Done>;
  key(endpoint: string): Promise<string>;
  score(endpoint: string, data: unknown, headers?: Record<string, string>): Promise<Answer>;
}

interface Done {
  readonly answer: Answer;
  /** Status body of the operation; undefined when there was none. */
  readonly operation: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- tests look into answers freely
}

interface DeploymentOptions {
  readonly script?: string;
  readonly properties?: object;
  readonly capacity?: number;
}

export async function startOnlineKit(workspace?: TestWorkspace): Promise<OnlineKit> {
  const running = workspace ?? (await startTestWorkspace());
  await running.storageReady;
  const arm = (method: string, path: string, body?: unknown) =>
    running.send(
      method,
      `${path.startsWith('/subscriptions') ? '' : running.id}${path}${path.includes('?') ? '&' : '?'}${VERSION}`,
      { body },
    );
  const keys = new Map<string, string>();
  const location = running.address.location;

  const upload = async (
    asset: string,
    name: string,
    files: Record<string, string | Uint8Array>,
  ): Promise<string> => {
    const pending = await arm('POST', `/${asset}/${name}/versions/1/startPendingUpload`, {
      pendingUploadType: 'TemporaryBlobReference',
    });
    const { blobUri, credential } = pending.json.blobReferenceForConsumption;
    for (const [file, content] of Object.entries(files)) {
      const url = new URL(credential.sasUri);
      url.pathname += `/files/${file}`;
      await putBlob(url, running.ca, content);
    }
    return `${blobUri}/files`;
  };

  const done = async (method: string, path: string, body?: unknown): Promise<Done> => {
    const answer = await arm(method, path, body);
    const url = answer.headers['azure-asyncoperation'] ?? answer.headers['location'];
    if (typeof url !== 'string') return { answer, operation: undefined };
    const status = url.replace('mfeOperationResults', 'mfeOperationsStatus');
    for (;;) {
      const { json } = await running.send('GET', status);
      if (json.status !== 'InProgress') return { answer, operation: json };
      await sleep(50);
    }
  };

  const code = async (name: string, script: string): Promise<string> => {
    const codeUri = await upload('codes', name, { 'score.py': script });
    const put = await arm('PUT', `/codes/${name}/versions/1`, { properties: { codeUri } });
    return String(put.json.id);
  };

  const modelUri = await upload('models', 'echo', { 'model.txt': 'a model' });
  await arm('PUT', '/models/echo/versions/1', { properties: { modelUri: `${modelUri}/model.txt` } });
  await arm('PUT', '/environments/scoring/versions/1', {
    properties: { image: 'mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04', condaFile: CONDA },
  });

  const kit: OnlineKit = {
    workspace: running,
    arm,
    done,
    upload,
    code,
    endpoint: (name, properties = {}) =>
      done('PUT', `/onlineEndpoints/${name}`, {
        location,
        identity: { type: 'SystemAssigned' },
        properties: { authMode: 'Key', ...properties },
      }),
    body: async (name, { script = ECHO_SCRIPT, properties = {}, capacity = 1 } = {}) => ({
      location,
      sku: { name: 'Default', capacity },
      properties: {
        endpointComputeType: 'Managed',
        instanceType: 'Standard_DS2_v2',
        model: `${running.id}/models/echo/versions/1`,
        environmentId: `${running.id}/environments/scoring/versions/1`,
        codeConfiguration: {
          codeId: await code(`code-${name}-${keys.size}-${Date.now()}`, script),
          scoringScript: 'score.py',
        },
        environmentVariables: { COLOUR: name },
        ...properties,
      },
    }),
    deployment: async (endpoint, name, options = {}) =>
      done('PUT', `/onlineEndpoints/${endpoint}/deployments/${name}`, await kit.body(name, options)),
    traffic: async (endpoint, traffic, mirrorTraffic = {}) => {
      const { json } = await arm('GET', `/onlineEndpoints/${endpoint}`);
      return done('PUT', `/onlineEndpoints/${endpoint}`, {
        ...json,
        properties: { ...json.properties, traffic, mirrorTraffic },
      });
    },
    key: async (endpoint) => {
      const known =
        keys.get(endpoint) ??
        String((await arm('POST', `/onlineEndpoints/${endpoint}/listKeys`)).json.primaryKey);
      keys.set(endpoint, known);
      return known;
    },
    score: async (endpoint, data, headers = {}) =>
      running.send('POST', `/online/${endpoint}/score`, {
        token: await kit.key(endpoint),
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(data),
      }),
  };
  return kit;
}

/** The workspace's own test helper sends text only. */
function putBlob(url: URL, ca: string, content: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'x-ms-blob-type': 'BlockBlob', 'content-length': Buffer.byteLength(content) };
    const request = https.request(url, { method: 'PUT', ca, headers }, (response) => {
      response.resume();
      if (response.statusCode === 201) resolve();
      else reject(new Error(`the upload was answered ${response.statusCode}`));
    });
    request.once('error', reject);
    request.end(content);
  });
}
