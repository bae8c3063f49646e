import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, Problem } from '../../../shared/problem/index.ts';
import type { TaskDefinition } from '../agent/task/definition.ts';
import { INVOKE_REST_API } from '../agent/task/serviceTasks.ts';

/** One request of a task that ships no code; texts are templates still. */
export interface ServerRequest {
  readonly endpointId: string;
  readonly url: string;
  readonly method: string;
  readonly body: string;
  /** A JSON object as text. */
  readonly headers: string;
  readonly waitForCompletion: string;
  /** When the answer counts as success; empty: by its status. */
  readonly expression: string;
  /** The audience of the token, where it is not the connection's own. */
  readonly resourceUrl: string;
}

/** A request and what is made of its answer. */
export interface ServerLink {
  readonly request: ServerRequest;
  /** Name to expression. */
  readonly outputVariables: ReadonlyMap<string, string>;
  /** The request is left out when this holds. */
  readonly skip: string | undefined;
  /** The request is sent again as long as this holds. */
  readonly continuePolling: string | undefined;
  readonly betweenPollsInMs: number;
}

export interface ServerExecution {
  readonly links: readonly ServerLink[];
  /** How long a callback may take; the service's own limit where the task names none. */
  readonly completionInMs: number;
}

const HOUR_IN_MS = 3_600_000;
/** The longest the service waits for an event of a task. */
const LONGEST_COMPLETION_IN_MS = 72 * HOUR_IN_MS;
/** What shipped tasks write. */
const BETWEEN_POLLS_IN_MS = 120_000;
const HANDLERS = ['HttpRequest', 'HttpRequestChain'];

/** The service's own request: every member is an input. */
const INVOKE: ServerExecution = {
  links: [
    linkOf({
      RequestInputs: {
        EndpointId: "TaskInputs[TaskInputs['connectedServiceNameSelector']]",
        EndpointUrl: '$(endpoint.url)$(urlSuffix)',
        Method: '$(method)',
        Body: '$(body)',
        Headers: '$(headers)',
        WaitForCompletion: '$(waitForCompletion)',
        Expression: '$(successCriteria)',
      },
    }),
  ],
  completionInMs: LONGEST_COMPLETION_IN_MS,
};

type Json = Readonly<Record<string, unknown>>;

/** Reads what a task does without an agent; a Problem names what the runner cannot do. */
export async function readServerExecution({ folder, name, id }: TaskDefinition): Promise<ServerExecution> {
  if (id === INVOKE_REST_API) return INVOKE;
  const file = path.join(folder, 'task.json');
  const execution = recordOf(recordOf(await jsonIn(file))['execution']);
  const single = execution['HttpRequest'];
  const chain = recordOf(execution['HttpRequestChain'])['Execute'];
  if (single !== undefined) {
    const handler = recordOf(single);
    return { links: [linkOf({ RequestInputs: handler['Execute'] })], completionInMs: completionOf(handler) };
  }
  if (Array.isArray(chain))
    return {
      links: chain.map(linkOf),
      completionInMs: completionOf(recordOf(execution['HttpRequestChain'])),
    };
  throw new Problem({
    code: 'input',
    message: `The task '${name}' cannot run without an agent here: it has none of the handlers ${HANDLERS.join(', ')}.`,
    place: { file },
    next: 'Put the task into an agent job, or take it out of the server job or gate.',
  });
}

async function jsonIn(file: string): Promise<unknown> {
  try {
    return JSON.parse((await readFile(file, 'utf8')).replace(/^\uFEFF/, ''));
  } catch (error) {
    const message = `task.json cannot be read: ${messageOf(error)}.`;
    throw new Problem({ code: 'file', message, place: { file }, cause: error });
  }
}

function linkOf(value: unknown): ServerLink {
  const link = recordOf(value);
  const options = recordOf(link['ExecutionOptions']);
  return {
    request: requestOf(recordOf(link['RequestInputs'])),
    outputVariables: expressionsOf(options['OutputVariables']),
    skip: textOf(options['SkipSectionExpression']) || undefined,
    continuePolling: textOf(options['ContinuePollingExpression']) || undefined,
    betweenPollsInMs: durationOf(options['DurationBetweenRetries']) ?? BETWEEN_POLLS_IN_MS,
  };
}

function requestOf(inputs: Json): ServerRequest {
  return {
    endpointId: textOf(inputs['EndpointId']),
    url: textOf(inputs['EndpointUrl']),
    method: textOf(inputs['Method']) || 'GET',
    body: textOf(inputs['Body']),
    headers: textOf(inputs['Headers']),
    waitForCompletion: textOf(inputs['WaitForCompletion']) || 'false',
    expression: textOf(inputs['Expression']),
    resourceUrl: textOf(inputs['ResourceURL']),
  };
}

/** A map, or the same as JSON text: shipped tasks have both. */
function expressionsOf(value: unknown): ReadonlyMap<string, string> {
  const map = typeof value === 'string' ? recordOf(JSON.parse(value)) : recordOf(value);
  return new Map(Object.entries(map).map(([name, text]) => [name, textOf(text)]));
}

function completionOf(handler: Json): number {
  const wait = durationOf(recordOf(recordOf(handler['Events'])['TaskCompleted'])['Timeout']);
  return Math.min(wait ?? LONGEST_COMPLETION_IN_MS, LONGEST_COMPLETION_IN_MS);
}

/** `hh:mm:ss`, with days before it where there are any. */
function durationOf(value: unknown): number | undefined {
  const match = /^(?:(\d+)\.)?(\d+):(\d{2}):(\d{2})$/.exec(textOf(value));
  if (!match) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return (days * 24 + hours) * HOUR_IN_MS + (minutes * 60 + seconds) * 1000;
}

function recordOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
