import { AzureMachineLearningWorkspaces } from '@azure/arm-machinelearning';
import type { TokenCredential } from '@azure/core-auth';
import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { Problem } from '../../problem/index.ts';
import { API_VERSION } from '../yaml/apiVersions.ts';
import { mayReceiveToken, type Cloud } from './cloud.ts';
import { problemFromAnswer, problemFromError } from './failure.ts';

export interface RequestOptions {
  readonly abortSignal?: AbortSignal;
  /** Statuses besides 2xx that are an answer, not a failure. */
  readonly allow?: readonly number[];
  /** Retried requests are the pipeline's work; this is for the whole exchange. */
  readonly timeoutInMs?: number;
}

export interface Answer {
  readonly status: number;
  /** The parsed body; undefined when it is empty or not JSON. */
  readonly body: unknown;
  header(name: string): string | undefined;
}

/** Sends typed JSON through the ARM SDK's own authenticated pipeline; the SDK's serialiser would drop members. */
export interface Arm {
  readonly sdk: AzureMachineLearningWorkspaces;
  /** `path` starts with a slash and is below Resource Manager; api-version is added. `what` names the act for errors. */
  send(
    what: string,
    method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    options?: RequestOptions,
  ): Promise<Answer>;
  /** An absolute URL of this cloud (data plane, next link, operation status), with a token. */
  sendTo(
    what: string,
    method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    body?: unknown,
    options?: RequestOptions,
  ): Promise<Answer>;
}

export interface ArmOptions {
  readonly cloud: Cloud;
  readonly subscriptionId: string;
  readonly credential: TokenCredential;
  readonly httpClient: HttpClient;
  readonly userAgent: string;
  /** One line per answer, for the debug log. */
  readonly onAnswer?: (line: string) => void;
}

export function createArm(options: ArmOptions): Arm {
  const sdk = new AzureMachineLearningWorkspaces(options.credential, options.subscriptionId, {
    endpoint: options.cloud.resourceManagerUrl,
    // No apiVersion: the SDK would write it over the one in the address, which other services need as it is.
    credentialScopes: options.cloud.scope,
    httpClient: options.httpClient,
    userAgentOptions: { userAgentPrefix: options.userAgent },
    retryOptions: { maxRetries: 5, retryDelayInMs: 1000, maxRetryDelayInMs: 30_000 },
  });
  const sendTo: Arm['sendTo'] = async (what, method, url, body, requestOptions = {}) => {
    if (!mayReceiveToken(options.cloud, url)) throw foreignHost(what, url, options.cloud);
    const response = await exchange(sdk, { what, method, url, body, ...requestOptions });
    options.onAnswer?.(answerLine(method, url, response));
    if (isFailure(response.status, requestOptions.allow)) throw problemFromAnswer(what, response);
    return {
      status: response.status,
      body: parsed(response.bodyAsText),
      header: (name) => response.headers.get(name),
    };
  };
  const send: Arm['send'] = (what, method, path, body, requestOptions) => {
    const version = /[?&]api-version=/.test(path)
      ? ''
      : `${path.includes('?') ? '&' : '?'}api-version=${API_VERSION}`;
    return sendTo(what, method, `${options.cloud.resourceManagerUrl}${path}${version}`, body, requestOptions);
  };
  return { sdk, send, sendTo };
}

/** Stands for a caller who cannot cancel, so that an abort means that the time was up. */
const NEVER = new AbortController().signal;

interface Exchange extends RequestOptions {
  readonly what: string;
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly body: unknown;
}

async function exchange(sdk: AzureMachineLearningWorkspaces, exchange: Exchange): Promise<PipelineResponse> {
  const hasBody = exchange.body !== undefined;
  const request = createPipelineRequest({
    url: exchange.url,
    method: exchange.method,
    headers: createHttpHeaders({
      accept: 'application/json',
      ...(hasBody && { 'content-type': 'application/json' }),
    }),
    ...(hasBody && { body: JSON.stringify(exchange.body) }),
    ...(exchange.abortSignal && { abortSignal: exchange.abortSignal }),
    timeout: exchange.timeoutInMs ?? 100_000,
  });
  try {
    return await sdk.sendRequest(request);
  } catch (error) {
    throw problemFromError(exchange.what, error, exchange.abortSignal ?? NEVER);
  }
}

function isFailure(status: number, allow: readonly number[] = []): boolean {
  return (status < 200 || status > 299) && !allow.includes(status);
}

function parsed(text: string | null | undefined): unknown {
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function answerLine(method: string, url: string, response: PipelineResponse): string {
  const id = (name: string): string => response.headers.get(name) ?? '-';
  return `${method} ${url} -> ${response.status} (x-ms-request-id ${id('x-ms-request-id')}, correlation ${id('x-ms-correlation-request-id')})`;
}

function foreignHost(what: string, url: string, cloud: Cloud): Problem {
  return new Problem({
    code: 'network',
    message: `${what} would send a token to ${new URL(url).host}, which does not belong to ${cloud.name}.`,
    next: 'Check the workspace: its discovery address points outside its own cloud.',
  });
}
