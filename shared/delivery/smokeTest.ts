import { createHttpHeaders, createPipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline';
import { pause, type AzureML, type Endpoint } from '../azureml/index.ts';
import { messageOf, Problem } from '../problem/index.ts';
import { judgeAnswer, unanswered } from '../rollout/smoke/judge.ts';
import type { Probe, SmokeRequest, SmokeTest } from '../rollout/smoke/smokeTest.ts';

/** Statuses of a router that does not know a new deployment yet, or is busy; an answer that is expected is never asked for again. */
const PASSING = [404, 429, 502, 503, 504];
const PAUSES_IN_MS = [1000, 2000, 4000, 8000, 15_000];
const LONGEST_REQUEST_IN_MS = 300_000;
/** More of an answer than this is not read by anybody. */
const LONGEST_ANSWER = 5_000_000;

export interface SmokeOptions {
  readonly endpoint: Endpoint;
  readonly deployment: string;
  readonly maskSecret: (secret: string) => void;
  readonly abortSignal: AbortSignal;
  readonly onProbe: (probe: Probe) => void;
}

/** Sends every request to one deployment only, whatever traffic it takes, and judges the answers. */
export async function runSmokeTest(
  client: AzureML,
  test: SmokeTest,
  options: SmokeOptions,
): Promise<readonly Probe[]> {
  const { endpoint, abortSignal } = options;
  const scoringUri = endpoint.scoringUri;
  if (!scoringUri)
    throw new Problem({
      code: 'service',
      message: `Endpoint '${endpoint.name}' has no scoring address.`,
      next: 'Look at the endpoint in the studio; it may not be healthy.',
    });
  const token = await client.endpoints.scoringToken(endpoint, { abortSignal });
  options.maskSecret(token);
  const probes: Probe[] = [];
  for (const request of test.requests) {
    const probe = await probeOnce(client, request, { ...options, scoringUri, token });
    options.onProbe(probe);
    probes.push(probe);
  }
  return probes;
}

interface Sending extends SmokeOptions {
  readonly scoringUri: string;
  readonly token: string;
}

async function probeOnce(client: AzureML, request: SmokeRequest, sending: Sending): Promise<Probe> {
  for (let attempt = 0; ; attempt += 1) {
    const wait = PAUSES_IN_MS[attempt];
    const started = performance.now();
    try {
      const response = await send(client, request, sending);
      const latencyInMs = performance.now() - started;
      const isPassing =
        PASSING.includes(response.status) && !request.expect.statuses.includes(response.status);
      if (!isPassing || wait === undefined) {
        const body = (response.bodyAsText ?? '').slice(0, LONGEST_ANSWER);
        return judgeAnswer(request, { status: response.status, latencyInMs, body });
      }
      await pause(retryAfter(response) ?? wait, sending.abortSignal);
    } catch (error) {
      sending.abortSignal.throwIfAborted();
      if (wait === undefined || !isNetworkError(error)) return unanswered(request, messageOf(error));
      await pause(wait, sending.abortSignal);
    }
  }
}

async function send(client: AzureML, request: SmokeRequest, sending: Sending): Promise<PipelineResponse> {
  const url = addressOf(sending.scoringUri, request.path);
  return client.httpClient.sendRequest(
    createPipelineRequest({
      url,
      method: request.method as 'POST',
      headers: createHttpHeaders({
        accept: 'application/json',
        ...request.headers,
        authorization: `Bearer ${sending.token}`,
        'azureml-model-deployment': sending.deployment,
      }),
      ...(request.body && { body: request.body }),
      abortSignal: sending.abortSignal,
      timeout: LONGEST_REQUEST_IN_MS,
      // Kubernetes endpoints without a certificate answer over plain HTTP; the service gives the address.
      allowInsecureConnection: url.startsWith('http:'),
    }),
  );
}

/** A path is below the endpoint, whose own address ends with the scoring path; the key goes to no other host. */
function addressOf(scoringUri: string, path: string | undefined): string {
  if (path === undefined) return scoringUri;
  const base = scoringUri.replace(/\/score\/?$/, '').replace(/\/+$/, '');
  const url = new URL(`${base}${path}`);
  if (url.host !== new URL(scoringUri).host) throw new Error(`'${path}' leaves the endpoint.`);
  return url.href;
}

function retryAfter(response: PipelineResponse): number | undefined {
  const seconds = Number(response.headers.get('retry-after'));
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 60) * 1000 : undefined;
}

function isNetworkError(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && /^(E[A-Z]+|REQUEST_SEND_ERROR)$/.test(String(error.code))
  );
}

/** The failure of a smoke test, with what was expected and found by each request that failed. */
export function smokeTestFailed(deployment: string, probes: readonly Probe[]): Problem {
  const failed = probes.filter(({ passed }) => !passed);
  const words = failed.map(({ name, findings }) => `${name}: ${findings.join(' ')}`);
  return new Problem({
    code: 'smoke-test',
    message: `Deployment '${deployment}' failed ${failed.length} of ${probes.length} smoke test requests. ${words.join(' ')}`,
    next: 'Mend the scoring script, the model or the smoke test, and deploy again.',
  });
}
