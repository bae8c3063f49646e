import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { runTask, type TaskOptions, type TaskRun } from '../../helpers/taskProcess.ts';
import type { TestWorkspace } from '../../helpers/workspace.ts';
import {
  ECHO_SCRIPT,
  startOnlineKit,
  type OnlineKit,
} from '../../local/workspace/services/onlineEndpoints/kit.ts';

const ENDPOINT = `name: prod
auth_mode: key
tags: { team: risk }
`;

const DEPLOYMENT = `name: blue
endpoint_name: prod
model: azureml:echo:1
code_configuration: { code: score, scoring_script: score.py }
environment: azureml:scoring:1
environment_variables: { COLOUR: none }
instance_type: Standard_DS2_v2
instance_count: 1
`;

const SMOKE = `requests:
  - name: echo
    body: { n: 1 }
    expect:
      values:
        - { path: $.data.n, equals: 1 }
        - { path: $.model, equals: a model }
`;

/** A workspace, a folder with everything a deploy needs, and the built task. */
export interface DeployKit {
  readonly online: OnlineKit;
  readonly workspace: TestWorkspace;
  readonly folder: string;
  /** Runs DeployModel with the folder's files; inputs given here win, empty ones take a file away. */
  run(inputs: Readonly<Record<string, string>>, options?: Partial<DeployOptions>): Promise<TaskRun>;
  /** The same, and fails the test when the task did not succeed. */
  ok(inputs: Readonly<Record<string, string>>, options?: Partial<DeployOptions>): Promise<TaskRun>;
  /** Writes a file into the folder. */
  write(name: string, content: string): Promise<string>;
  endpoint(name: string): Promise<EndpointView | undefined>;
  stop(): Promise<void>;
}

export interface DeployOptions extends TaskOptions {
  /** Another way to the same workspace, such as a fault gate. */
  readonly workspace: TestWorkspace;
}

/** What can be told of an endpoint from outside. */
export interface EndpointView {
  readonly traffic: Readonly<Record<string, number>>;
  readonly mirror: Readonly<Record<string, number>>;
  /** Only those this product writes. */
  readonly tags: Readonly<Record<string, string>>;
  /** Model and state by deployment. */
  readonly deployments: Readonly<Record<string, string>>;
}

export async function startDeployKit(): Promise<DeployKit> {
  const online = await startOnlineKit();
  const { workspace } = online;
  const { json } = await online.arm('GET', '/models/echo/versions/1');
  for (const version of ['2', '3'])
    await online.arm('PUT', `/models/echo/versions/${version}`, {
      properties: { modelUri: json.properties.modelUri },
    });
  const folder = await mkdtemp(path.join(os.tmpdir(), 'deploy-'));
  const write = async (name: string, content: string): Promise<string> => {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
    return file;
  };
  const files = {
    endpointFile: await write('endpoint.yml', ENDPOINT),
    deploymentFile: await write('deployment.yml', DEPLOYMENT),
    smokeTestFile: await write('smoke-test.yml', SMOKE),
  };
  await write('score/score.py', ECHO_SCRIPT);
  const run: DeployKit['run'] = (inputs, { workspace: way = workspace, ...options } = {}) =>
    runTask('DeployModel', way, { ...options, inputs: { action: 'deploy', ...files, ...inputs } });
  return {
    online,
    workspace,
    folder,
    run,
    write,
    async ok(inputs, options) {
      const done = await run(inputs, options);
      assert.equal(done.result, 'Succeeded', [done.message, ...done.errors, done.log].join('\n'));
      return done;
    },
    endpoint: (name) => view(online, name),
    async stop() {
      await workspace.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function view(online: OnlineKit, name: string): Promise<EndpointView | undefined> {
  const endpoint = await online.arm('GET', `/onlineEndpoints/${name}`);
  if (endpoint.status === 404) return undefined;
  const deployments = await online.arm('GET', `/onlineEndpoints/${name}/deployments`);
  const { properties, tags } = endpoint.json;
  return {
    traffic: properties.traffic,
    mirror: properties.mirrorTraffic,
    tags: Object.fromEntries(Object.entries<string>(tags).filter(([tag]) => tag.startsWith('delivery.'))),
    deployments: Object.fromEntries(
      deployments.json.value.map(
        (one: { name: string; properties: { model: string; provisioningState: string } }) => [
          one.name,
          `${/models\/(.+)\/versions\/(.+)$/.exec(one.properties.model)?.slice(1).join(':')} ${one.properties.provisioningState}`,
        ],
      ),
    ),
  };
}

/** Tags of an open rollout; none when nothing is half done. */
export function openTags({ tags }: EndpointView): string[] {
  return Object.keys(tags).filter((tag) => tag === 'delivery.rollout' || tag.startsWith('delivery.rollout.'));
}
