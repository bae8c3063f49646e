import { workspaceId, type WorkspaceContext, type WorkspaceUrls } from '../../../context.ts';
import type { PreparedEnvironment } from '../../environments/index.ts';
import path from 'node:path';
import type { RunDocument } from '../records/index.ts';

/** Days a run's token is good for; the run's end ends it earlier. */
const TOKEN_LIFETIME_IN_DAYS = 30;

/** What a process needs from its machine; everything else of the user's environment stays outside, as with a container. */
const INHERITED = [
  /^(?:HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_.*|TZ|TMPDIR|TEMP|TMP|TERM)$/,
  /^(?:SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PATHEXT|APPDATA|LOCALAPPDATA|PROGRAMDATA|PROGRAMFILES|USERPROFILE|HOMEDRIVE|HOMEPATH)$/i,
  /^(?:HTTP_PROXY|HTTPS_PROXY|ALL_PROXY)$/i,
  /^(?:LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|PYENV_ROOT|PYTHONUSERBASE)$/,
  /^(?:OMP|MKL|OPENBLAS|NUMEXPR|GOTO|KMP)_/,
  /^(?:PIP_|CUDA_|NVIDIA_)/,
];

export interface VariableSources {
  readonly context: WorkspaceContext;
  readonly run: RunDocument;
  readonly prepared: PreparedEnvironment;
  /** The job's own `environmentVariables`. */
  readonly own: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly caBundle: string;
}

/** The environment of a job's process, as Azure sets it. */
export async function processVariables(sources: VariableSources): Promise<Record<string, string>> {
  const { context, run, prepared, own } = sources;
  return {
    ...inherited(process.env),
    PATH: [prepared.binFolder, process.env['PATH'] ?? ''].join(path.delimiter),
    PYTHONUNBUFFERED: '1',
    PYTHONIOENCODING: 'utf-8',
    // git never asks for a password here.
    GIT_TERMINAL_PROMPT: '0',
    ...own,
    ...trust(sources.caBundle, context.urls),
    ...paths('AZURE_ML_INPUT_', sources.inputs),
    ...paths('AZURE_ML_OUTPUT_', sources.outputs),
    ...(await tracking(context, run)),
  };
}

function inherited(environment: NodeJS.ProcessEnv): Record<string, string> {
  const entries = Object.entries(environment).filter(([name]) =>
    INHERITED.some((pattern) => pattern.test(name)),
  );
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/**
 * Python's clients read the first two, OpenSSL and Node the others. The workspace's proxy knows storage's host name and
 * passes on what is meant for the outside; a bare `localhost` in NO_PROXY would keep that name from it.
 */
function trust(caBundle: string, { api, proxy }: WorkspaceUrls): Record<string, string> {
  const named = (process.env['NO_PROXY'] ?? process.env['no_proxy'] ?? '').split(',');
  const direct = [
    new URL(api).host,
    '127.0.0.1',
    ...named.filter((name) => !/^\.?localhost$|^\*$/.test(name.trim())),
  ]
    .filter(Boolean)
    .join(',');
  return {
    REQUESTS_CA_BUNDLE: caBundle,
    CURL_CA_BUNDLE: caBundle,
    SSL_CERT_FILE: caBundle,
    NODE_EXTRA_CA_CERTS: caBundle,
    HTTPS_PROXY: proxy,
    https_proxy: proxy,
    NO_PROXY: direct,
    no_proxy: direct,
  };
}

function paths(prefix: string, values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value]));
}

async function tracking(context: WorkspaceContext, run: RunDocument): Promise<Record<string, string>> {
  const { identity, urls } = context;
  const lifetimeInSeconds = TOKEN_LIFETIME_IN_DAYS * 24 * 60 * 60;
  const token = await context.tokens.issue({
    audience: urls.api,
    subject: run.createdBy.objectId,
    lifetimeInSeconds,
    runId: run.runId,
  });
  const expiry = Math.floor(context.clock.now().getTime() / 1000) + lifetimeInSeconds;
  return {
    MLFLOW_TRACKING_URI: `azureml://${new URL(urls.api).host}/mlflow/v1.0${workspaceId(identity)}`,
    MLFLOW_TRACKING_TOKEN: token,
    MLFLOW_RUN_ID: run.runId,
    MLFLOW_EXPERIMENT_ID: run.experimentId,
    MLFLOW_EXPERIMENT_NAME: run.experimentName,
    AZUREML_RUN_ID: run.runId,
    AZUREML_ROOT_RUN_ID: run.rootRunId,
    AZUREML_RUN_TOKEN: token,
    AZUREML_RUN_TOKEN_EXPIRY: String(expiry),
    AZUREML_EXPERIMENT_ID: run.experimentId,
    AZUREML_ARM_SUBSCRIPTION: identity.subscriptionId,
    AZUREML_ARM_RESOURCEGROUP: identity.resourceGroup,
    AZUREML_ARM_WORKSPACE_NAME: identity.workspaceName,
    AZUREML_ARM_PROJECT_NAME: run.experimentName,
    AZUREML_WORKSPACE_ID: identity.workspaceId,
    AZUREML_WORKSPACE_SCOPE: workspaceId(identity),
    // Clients ask their cloud for its addresses; this one's cloud is the workspace itself.
    AZUREML_CURRENT_CLOUD: 'Local',
    ARM_CLOUD_METADATA_URL: `${urls.api}/metadata/endpoints?api-version=2019-05-01`,
    AZUREML_SERVICE_ENDPOINT: urls.api,
    AZUREML_DISCOVERY_SERVICE_ENDPOINT: `${urls.api}/discovery`,
  };
}
