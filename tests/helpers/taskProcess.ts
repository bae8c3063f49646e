import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { agentEnvironment, taskEnvironment } from '../../local/runner/agent/environment.ts';
import type { TestWorkspace } from './workspace.ts';

/** What a step's process said and did, as an agent reads it. */
export interface TaskRun {
  readonly result: 'Succeeded' | 'SucceededWithIssues' | 'Failed' | undefined;
  readonly message: string;
  readonly exitCode: number | null;
  /** Output variables by name. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  /** Content of attachments and summaries by `type/name`. */
  readonly attachments: Readonly<Record<string, string>>;
  /** Everything that is not a command. */
  readonly log: string;
  /** Everything the process wrote, commands included. */
  readonly output: string;
}

export interface TaskOptions {
  readonly inputs: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly abortSignal?: AbortSignal;
  /** Ends the process without a chance to say anything, as a lost agent does. */
  readonly killSignal?: AbortSignal;
  /** Changes of the service connection; by default it signs in to the workspace by secret. */
  readonly connection?: ConnectionChange;
  /** The job's own token, with which OIDC tokens are asked for. */
  readonly systemAccessToken?: string;
  /** Told the id of the process as soon as there is one. */
  readonly onStart?: (processId: number) => void;
  /** Told each piece of output as it comes. */
  readonly onOutput?: (text: string) => void;
}

export interface ConnectionChange {
  readonly url?: string;
  readonly scheme?: string;
  /** Replaces the parameters of the authorization. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Goes over the data of the connection. */
  readonly data?: Readonly<Record<string, string>>;
}

export const CONNECTION = '5b8f2c1e-0d8a-4c57-9a36-2f6f7f0f5e11';
const SYSTEM = 'SYSTEMVSSCONNECTION';

/** Runs a built task in a process of its own, in the environment an agent makes, signed in to a workspace by secret. */
export async function runTask(
  name: string,
  workspace: TestWorkspace,
  options: TaskOptions,
): Promise<TaskRun> {
  const built = path.resolve('build', 'tasks', name);
  if (!existsSync(built)) throw new Error(`The task ${name} is not built: run "npm run build" first.`);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'task-'));
  try {
    // Agents keep a task in a folder of its own, with nothing of this project around it.
    const entry = path.join(folder, 'task', 'index.js');
    await cp(built, path.dirname(entry), { recursive: true });
    const env = environmentOf(workspace, options, folder);
    const child = spawn(process.execPath, [entry], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const stop = (): void => void child.kill('SIGINT');
    options.abortSignal?.addEventListener('abort', stop, { once: true });
    options.killSignal?.addEventListener('abort', () => void child.kill('SIGKILL'), { once: true });
    if (child.pid !== undefined) options.onStart?.(child.pid);
    const chunks: Buffer[] = [];
    const take = (chunk: Buffer): void => {
      chunks.push(chunk);
      options.onOutput?.(chunk.toString('utf8'));
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return await readRun(Buffer.concat(chunks).toString('utf8'), exitCode);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function environmentOf(
  { address }: TestWorkspace,
  { inputs, variables = {}, connection = {}, systemAccessToken = 'none' }: TaskOptions,
  folder: string,
): Record<string, string> {
  const all = {
    'Agent.TempDirectory': folder,
    'Agent.WorkFolder': folder,
    'Agent.CAInfo': address.caFile,
    'System.DefaultWorkingDirectory': folder,
    'System.CollectionUri': 'https://dev.azure.com/example/',
    'System.TeamProject': 'models',
    'System.HostType': 'build',
    'Build.BuildId': '12',
    'Build.BuildNumber': '20260301.1',
    'Build.DefinitionName': 'diabetes',
    ...variables,
  };
  return taskEnvironment({
    agent: agentEnvironment(process.env),
    step: new Map(),
    variables: Object.entries(all).map(([name, value]) => ({
      name,
      value,
      isSecret: false,
      isReadOnly: false,
      preserveCase: false,
    })),
    prependedPaths: [],
    systemEndpoint: {
      id: SYSTEM,
      name: SYSTEM,
      url: 'https://dev.azure.com/example/',
      scheme: 'OAuth',
      parameters: new Map([['AccessToken', systemAccessToken]]),
      data: new Map(),
    },
    lookupId: {},
    taskVariables: [],
    inputs: new Map(Object.entries({ azureSubscription: CONNECTION, ...inputs })),
    endpoints: [connectionTo(address, connection)],
  });
}

function connectionTo(
  address: TestWorkspace['address'],
  change: ConnectionChange,
): Parameters<typeof taskEnvironment>[0]['systemEndpoint'] {
  return {
    id: CONNECTION,
    name: 'workspace',
    url: change.url ?? `${address.apiUrl}/`,
    scheme: change.scheme ?? 'ServicePrincipal',
    parameters: new Map(
      Object.entries(
        change.parameters ?? {
          tenantid: address.tenantId,
          serviceprincipalid: address.clientId,
          authenticationType: 'spnKey',
          serviceprincipalkey: address.clientSecret,
        },
      ),
    ),
    data: new Map(
      Object.entries({
        subscriptionid: address.subscriptionId,
        environment: 'AzureStack',
        activeDirectoryAuthority: change.url ?? address.apiUrl,
        ScopeLevel: 'AzureMLWorkspace',
        resourceGroupName: address.resourceGroup,
        mlWorkspaceName: address.workspaceName,
        ...change.data,
      }),
    ),
  };
}

interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

async function readRun(output: string, exitCode: number | null): Promise<TaskRun> {
  const lines = output.split('\n');
  const commands = lines.flatMap((line) => readCommand(line) ?? []);
  const named = (name: string): Command[] => commands.filter((command) => command.name === name);
  const issues = (type: string): string[] =>
    [...named('task.logissue'), ...named('task.issue')].flatMap(({ properties, data }) =>
      properties['type'] === type ? [data] : [],
    );
  const complete = named('task.complete').at(-1);
  return {
    exitCode,
    result: complete?.properties['result'] as TaskRun['result'],
    message: complete?.data ?? '',
    outputs: Object.fromEntries(
      named('task.setvariable').map(({ properties, data }) => [properties['variable'] ?? '', data]),
    ),
    errors: issues('error'),
    warnings: issues('warning'),
    attachments: Object.fromEntries(await readAttachments(commands)),
    log: lines.filter((line) => readCommand(line) === undefined).join('\n'),
    output,
  };
}

async function readAttachments(commands: readonly Command[]): Promise<[string, string][]> {
  const files = commands.flatMap(({ name, properties, data }): [string, string][] => {
    if (name === 'task.addattachment') return [[`${properties['type']}/${properties['name']}`, data]];
    return name === 'task.uploadsummary' ? [[`summary/${path.basename(data)}`, data]] : [];
  });
  return Promise.all(
    files.map(async ([name, file]): Promise<[string, string]> => [name, await readFile(file, 'utf8')]),
  );
}

/** azure-pipelines-agent, Command.cs: anywhere in a line, properties by `;`, some marks escaped. */
function readCommand(line: string): Command | undefined {
  const [, name = '', properties = '', data = ''] = /##vso\[([a-z.]+) ?([^\]]*)\](.*)$/i.exec(line) ?? [];
  if (name === '') return undefined;
  const pairs = properties.split(';').filter(Boolean);
  return {
    name,
    data: unescaped(data),
    properties: Object.fromEntries(
      pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), unescaped(pair.slice(pair.indexOf('=') + 1))]),
    ),
  };
}

function unescaped(text: string): string {
  return text
    .replaceAll('%3B', ';')
    .replaceAll('%5D', ']')
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%AZP25', '%');
}
