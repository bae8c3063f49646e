import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServerTasks } from '../../../../local/runner/index.ts';
import { createProject, removeProjects } from '../execute/harness.ts';
import { agentPhase, definition, gates, serverPhase, stage, task, bash } from '../release/definitions.ts';
import { release, type Released } from '../release/harness.ts';

const ID = '0b3a4d1e-5a0c-4b57-9d51-7c2f1a9e4c01';

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
}

type Answer = (asked: Asked, count: number) => { status?: number; body?: unknown };

/** The other side of a task without an agent. */
async function other(answer: Answer): Promise<{ url: string; asked: Asked[]; server: Server }> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const one = { method, path, body: Buffer.concat(parts).toString(), headers };
      asked.push(one);
      const { status = 200, body = {} } = answer(one, asked.length);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked, server };
}

describe('a task of the server', () => {
  const servers: Server[] = [];
  after(() => {
    for (const server of servers) server.close();
    removeProjects();
  });

  const listening = async (answer: Answer) => {
    const made = await other(answer);
    servers.push(made.server);
    return made;
  };
  const run = (
    execution: object,
    inputs: Record<string, string>,
    use: 'gate' | 'job' = 'job',
  ): Promise<Released> => {
    const project = createProject();
    const given = Object.keys(inputs).map((name) => ({ name, type: 'string', label: name }));
    project.task('Ask', '', { id: ID, runsOn: ['Server', 'ServerGate'], inputs: given, execution });
    const step = task(ID, 'Ask', inputs, { refName: 'ask' });
    const phases =
      use === 'job'
        ? { deployPhases: [serverPhase([step, task(ID, 'Again', inputs, { enabled: false })])] }
        : { preDeploymentGates: gates([step], { timeout: 60, samplingInterval: 15 }) };
    return release(project, definition([stage('S', [bash('echo in')], phases)]), {
      serverTasks: createServerTasks({ ca: [] }),
    });
  };

  it('fills addresses and bodies with inputs, variables and templates, and keeps the answer in its log', async () => {
    const { url, asked } = await listening(() => ({ body: { state: 'ready' } }));
    const done = await run(
      {
        HttpRequest: {
          Execute: {
            EndpointUrl:
              '$(url)run/{{#equals kind "fast" 1}}quick{{else}}slow{{/equals}}?release=$(Release.ReleaseName)',
            Method: 'POST',
            Body: '{"kind": "{{{kind}}}", "project": "{{{system.teamProject}}}"}',
            Headers: '{"X-Kind": "$(kind)"}',
            Expression:
              "and(eq(root['state'], 'READY'), eq(response['statuscode'], 'OK'), in(taskInputs['kind'], 'Fast'))",
          },
        },
      },
      { url, kind: 'Fast' },
    );
    assert.deepEqual(done.stages(), { S: 'succeeded' }, done.shown);
    assert.equal(asked[0]?.path, '/run/quick?release=Release-1');
    assert.match(asked[0]?.body ?? '', /^\{"kind": "Fast", "project": ".+"\}$/);
    assert.equal(asked[0]?.headers['x-kind'], 'Fast');
    assert.match(done.log('S'), /Response: \{"state":"ready"\}/);
  });

  it('says the status and the words of the other side when the answer is a failure', async () => {
    const { url } = await listening(() => ({ status: 403, body: { error: { message: 'Not yours.' } } }));
    const done = await run({ HttpRequest: { Execute: { EndpointUrl: '$(url)', Method: 'GET' } } }, { url });
    assert.deepEqual(done.stages(), { S: 'failed' });
    assert.match(done.shown, /The service answered 403: Not yours\./);
  });

  it('keeps what a request found from one sample of a gate to the next, and makes a thing only once', async () => {
    const { url, asked } = await listening(({ method }, count) =>
      method === 'POST' ? { body: { id: 'made-1' } } : { body: { done: count > 3 } },
    );
    const done = await run(
      {
        HttpRequestChain: {
          Execute: [
            {
              RequestInputs: { EndpointUrl: '$(url)things', Method: 'POST', Body: '{}' },
              ExecutionOptions: {
                OutputVariables: { THING: "jsonpath('$.id')" },
                SkipSectionExpression: "not(isNullOrEmpty(variables['THING']))",
              },
            },
            {
              RequestInputs: {
                EndpointUrl: '$(url)things/$(THING)',
                Method: 'GET',
                Expression: "eq(root['done'], true)",
              },
            },
          ],
        },
      },
      { url },
      'gate',
    );
    assert.deepEqual(done.stages(), { S: 'succeeded' }, done.shown);
    const ways = asked.map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual(ways, [
      'POST /things',
      'GET /things/made-1',
      'GET /things/made-1',
      'GET /things/made-1',
    ]);
  });

  it('takes one callback with the token of its own job, and neither a forged one nor a second', async () => {
    const replies: number[] = [];
    const { url } = await listening(({ body }) => {
      void callBack(JSON.parse(body) as Record<string, string>);
      return { status: 202 };
    });
    const callBack = async (to: Record<string, string>): Promise<void> => {
      const address = `${to['uri']}${to['project']}/_apis/distributedtask/hubs/release/plans/${to['plan']}`;
      const send = async (
        token: string,
        result: string,
        way = 'events',
        more: object = {},
      ): Promise<void> => {
        const body = { name: 'TaskCompleted', taskId: to['task'], jobId: to['job'], result, ...more };
        const answer = await fetch(`${address}/${way}?api-version=2.0-preview.1`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
        replies.push(answer.status);
      };
      const token = to['token'] ?? '';
      await send('forged', 'failed');
      await send(token, 'maybe');
      await send(token, 'failed', 'events', { jobId: 'another' });
      await send(token, '', `timelines/t/records/${to['job']}/feed`, { value: ['half way'], count: 1 });
      await send(token, 'succeeded');
      await send(token, 'failed').catch(() => undefined);
    };
    const done = await run(
      {
        HttpRequest: {
          Execute: {
            EndpointUrl: '$(url)',
            Method: 'POST',
            Body: '{"uri": "$(system.CollectionUri)", "project": "$(system.TeamProjectId)", "plan": "$(system.PlanId)", "job": "$(system.JobId)", "task": "$(system.TaskInstanceId)", "token": "$(system.AccessToken)"}',
            WaitForCompletion: 'true',
          },
        },
      },
      { url },
    );
    assert.deepEqual(done.stages(), { S: 'succeeded' }, done.shown);
    assert.deepEqual(replies.slice(0, 5), [401, 400, 403, 200, 200]);
    assert.match(done.log('S'), /half way/);
  });

  it('fails when no callback comes in time, and takes none that comes late', async () => {
    let late: Promise<number> | undefined;
    const { url } = await listening(({ body, method }) => {
      const to = method === 'POST' ? (JSON.parse(body) as Record<string, string>) : {};
      if (to['uri']) late = after(1500).then(() => complete(to));
      return { status: 202 };
    });
    const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
    const complete = async (to: Record<string, string>): Promise<number> => {
      const answer = await fetch(
        `${to['uri']}${to['project']}/_apis/distributedtask/hubs/release/plans/${to['plan']}/events`,
        {
          method: 'POST',
          headers: { authorization: `Bearer ${to['token']}`, 'content-type': 'application/json' },
          body: JSON.stringify({
            name: 'TaskCompleted',
            taskId: to['task'],
            jobId: to['job'],
            result: 'succeeded',
          }),
        },
      );
      return answer.status;
    };
    const project = createProject();
    project.task('Ask', '', {
      ...{ id: ID, runsOn: ['Server'], inputs: [{ name: 'url', type: 'string' }] },
      execution: {
        HttpRequest: {
          Execute: {
            EndpointUrl: '$(url)',
            Method: 'POST',
            Body: '{"uri": "$(system.CollectionUri)", "project": "$(system.TeamProjectId)", "plan": "$(system.PlanId)", "job": "$(system.JobId)", "task": "$(system.TaskInstanceId)", "token": "$(system.AccessToken)"}',
            WaitForCompletion: 'true',
          },
          Events: { TaskCompleted: { Timeout: '00:00:01' } },
        },
      },
    });
    const phases = [
      serverPhase([task(ID, 'Ask', { url })]),
      agentPhase([bash('sleep 1')], { condition: 'always()' }, 2),
    ];
    const done = await release(project, definition([stage('S', [], { deployPhases: phases })]), {
      serverTasks: createServerTasks({ ca: [] }),
    });
    assert.deepEqual(done.stages(), { S: 'failed' });
    assert.match(done.log('S'), /No callback came within/);
    assert.equal(await late, 401, 'the token has ended with its job');
  });

  it('names a header that is no JSON, an address that is none, and who cannot be reached', async () => {
    const ask = (more: object): Promise<Released> =>
      run(
        { HttpRequest: { Execute: { EndpointUrl: '$(url)', Method: 'GET', ...more } } },
        { url: 'http://127.0.0.1:9/' },
      );
    assert.match((await ask({ Headers: '{no' })).shown, /headers of the task are not a JSON object/);
    assert.match((await ask({ EndpointUrl: 'nowhere' })).shown, /'nowhere', which is no web address/);
    assert.match((await ask({})).shown, /127\.0\.0\.1:9 cannot be reached.*private link/s);
  });
});
