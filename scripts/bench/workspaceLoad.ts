import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import type { WorkspaceAddress } from '../../local/workspace/address.ts';
import { asMegabytes, asRate, atLeast, atMost, type Bench, type Figure } from './figure.ts';
import { inFolder, startWorkspaceProcess } from './workspaceProcess.ts';

const CONNECTIONS = 8;
const ROUNDS = 5;
const ROUND_IN_MS = 2000;
const SLOWEST_RATE = 1500;
const JOBS = 1000;
const MOST_IDLE_IN_BYTES = 150 * 1024 ** 2;
const MOST_OF_HISTORY_IN_BYTES = 100 * 1024 ** 2;
const SETTLED_AFTER_IN_MS = 3000;
const API_VERSION = '2025-12-01';

/** How fast the embedded workspace answers, and what it costs in memory: idle, and with a long history. */
export const workspaceLoad: Bench = {
  name: 'workspace-load',
  title: 'The embedded workspace under load',
  measure: () =>
    inFolder(async (folder) => {
      const workspace = await startWorkspaceProcess(folder);
      const { address } = workspace;
      const ca = await readFile(address.caFile);
      const pool = new Pool(address.apiUrl, { connections: CONNECTIONS, connect: { ca } });
      try {
        const send = await signedIn(pool, address);
        const idle = await settledMemory(address.processId);
        const rate = await bestRate(send);
        await submit(send);
        const history = (await settledMemory(address.processId)) - idle;
        return figures(idle, rate, history);
      } finally {
        await pool.close();
        await workspace.stop();
      }
    }),
};

function figures(idle: number, rate: number, history: number): readonly Figure[] {
  const readable = JOBS.toLocaleString('en');
  return [
    atLeast(
      `GET of a model version, ${CONNECTIONS} connections, best of ${ROUNDS}`,
      rate,
      SLOWEST_RATE,
      asRate,
    ),
    atMost('Idle, its own process', idle, MOST_IDLE_IN_BYTES, asMegabytes),
    atMost(
      `${readable} jobs in history and as many listed, above idle`,
      history,
      MOST_OF_HISTORY_IN_BYTES,
      asMegabytes,
    ),
  ];
}

type Send = (method: 'GET' | 'PUT', at: string, body?: unknown) => Promise<Record<string, unknown>>;

async function bestRate(send: Send): Promise<number> {
  const at = 'models/diabetes/versions/1';
  const modelUri = 'azureml://datastores/workspaceblobstore/paths/models/diabetes/model.pkl';
  await send('PUT', at, { properties: { modelUri, tags: { sample: 'diabetes' } } });
  let best = 0;
  for (let round = 0; round < ROUNDS; round += 1) best = Math.max(best, await rateOf(send, at));
  return best;
}

/** Answers per second while every connection asks again as soon as it is answered. */
async function rateOf(send: Send, at: string): Promise<number> {
  const started = performance.now();
  let answers = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() - started < ROUND_IN_MS) {
      await send('GET', at);
      answers += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  return (answers * 1000) / (performance.now() - started);
}

/** Spark jobs: accepted like all others, and over at once, since nothing here runs them. */
async function submit(send: Send): Promise<void> {
  await send('PUT', 'codes/spark/versions/1', {
    properties: { codeUri: 'azureml://datastores/workspaceblobstore/paths/code/' },
  });
  const entry = { sparkJobEntryType: 'SparkJobPythonEntry', file: 'main.py' };
  const properties = { jobType: 'Spark', codeId: 'azureml:spark:1', entry, tags: { sample: 'diabetes' } };
  const numbers = Array.from({ length: JOBS }, (_, index) => index).values();
  const worker = async (): Promise<void> => {
    for (const number of numbers) await send('PUT', `jobs/job-${number}`, { properties });
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  for (let next: unknown = 'jobs'; typeof next === 'string';) next = (await send('GET', next))['nextLink'];
}

/** Resident memory of the process, once what was used meanwhile had time to be given back. */
async function settledMemory(processId: number): Promise<number> {
  await delay(SETTLED_AFTER_IN_MS);
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(processId)]).toString()) * 1024;
}

async function signedIn(pool: Pool, address: WorkspaceAddress): Promise<Send> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: address.clientId,
    client_secret: address.clientSecret,
    scope: `${address.apiUrl}/.default`,
  });
  const token = await pool.request({
    method: 'POST',
    path: `/${address.tenantId}/oauth2/v2.0/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  });
  const { access_token: bearer } = (await token.body.json()) as { access_token: string };
  const root =
    `/subscriptions/${address.subscriptionId}/resourceGroups/${address.resourceGroup}` +
    `/providers/Microsoft.MachineLearningServices/workspaces/${address.workspaceName}/`;
  return async (method, at, body) => {
    const path = at.startsWith('https:')
      ? at.slice(address.apiUrl.length)
      : `${root}${at}?api-version=${API_VERSION}`;
    const answer = await pool.request({
      method,
      path,
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const json = (await answer.body.json()) as Record<string, unknown>;
    if (answer.statusCode < 300) return json;
    throw new Error(`${method} ${at} was answered ${answer.statusCode}: ${JSON.stringify(json)}`);
  };
}
