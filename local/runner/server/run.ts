import { resolveInputs } from '../agent/task/inputs.ts';
import { faultsInExpression } from '../expressions/index.ts';
import { Problem } from '../../../shared/problem/index.ts';
import { awaitCompletion } from './completion.ts';
import { readServerExecution, type ServerLink } from './definition.ts';
import { render, valueOf, type ServerScope } from './scope.ts';
import { createSend, type OutgoingRequest, type Send } from './send.ts';
import { createServerSignIn, type ServerSignIn } from './signIn.ts';
import { SUCCESS_WORDS, holds, textOf, type ExpressionScope, type ServerAnswer } from './success.ts';
import type { ServerTaskEnd, ServerTaskRequest, ServerTasks } from './task.ts';

export interface ServerTaskOptions {
  /** PEM of what is trusted beside Node's own roots. */
  readonly ca: readonly string[];
}

interface Tools {
  readonly send: Send;
  readonly signIn: ServerSignIn;
}

/** One link of one execution, with everything its texts and expressions look at. */
interface Step {
  readonly link: ServerLink;
  readonly scope: ServerScope;
  readonly request: ServerTaskRequest;
  readonly completionInMs: number;
}

/** Tasks of the handlers HttpRequest and HttpRequestChain, by the rules of the service. */
export function createServerTasks({ ca }: ServerTaskOptions): ServerTasks {
  const tools: Tools = { send: createSend(ca), signIn: createServerSignIn(ca) };
  return {
    async run(request) {
      const { links, completionInMs } = await readServerExecution(request.task);
      const scope = scopeOf(request);
      for (const link of links) {
        const end = await runLink(
          { link, scope: connected(link, scope, request), request, completionInMs },
          tools,
        );
        if (end) return end;
      }
      return { result: 'Succeeded' };
    },
  };
}

function scopeOf({ task, step, variables, endpoints, outputs }: ServerTaskRequest): ServerScope {
  const { values } = resolveInputs({
    task,
    given: step.inputs,
    place: step.place,
    variables: (name) => variables.get(name),
    environment: () => undefined,
    root: '/',
    findEndpoint: (name) => endpoints.find(name),
    trim: true,
  });
  return { inputs: values, outputs, variables, endpoint: undefined };
}

/** Each link may name a connection of its own. */
function connected(link: ServerLink, scope: ServerScope, { endpoints }: ServerTaskRequest): ServerScope {
  const id = connectionOf(link.request.endpointId, scope);
  return id === '' ? scope : { ...scope, endpoint: endpoints.find(id) };
}

/** Shipped tasks name it by a template, or by the input that names it: `TaskInputs['connection']`. */
function connectionOf(text: string, scope: ServerScope): string {
  const named = /^TaskInputs\[(.+)\]$/i.exec(text.trim())?.[1];
  if (named === undefined) return render(text, scope).trim();
  const name = /^'(.*)'$/.exec(named.trim())?.[1] ?? connectionOf(named, scope);
  return valueOf(name, { ...scope, endpoint: undefined })?.trim() ?? '';
}

/** undefined: the next link may follow. */
async function runLink(step: Step, tools: Tools): Promise<ServerTaskEnd | undefined> {
  const { link, request } = step;
  if (link.skip !== undefined && holds(checked(link.skip, step), expressionScope(step, undefined)))
    return undefined;
  const expression = checked(link.request.expression, step);
  for (;;) {
    const outgoing = outgoingOf(step);
    const isWaiting = render(link.request.waitForCompletion, step.scope).toLowerCase() === 'true';
    const answer = isWaiting
      ? await awaitCompletion(step, () => exchange(outgoing, step, tools))
      : await exchange(outgoing, step, tools);
    if ('result' in answer) return answer.result === 'Succeeded' ? undefined : answer;
    const scope = expressionScope(step, answer);
    for (const [name, text] of link.outputVariables)
      request.outputs.set(name, textOf(checked(text, step), scope));
    if (link.continuePolling !== undefined && holds(checked(link.continuePolling, step), scope)) {
      await request.clock.sleep(link.betweenPollsInMs, request.signal);
      if (request.signal.aborted) return { result: 'Canceled' };
      continue;
    }
    return judged(expression, answer, scope);
  }
}

function judged(expression: string, answer: ServerAnswer, scope: ExpressionScope): ServerTaskEnd | undefined {
  const isGood = answer.status >= 200 && answer.status < 300;
  if (!isGood && expression === '')
    return { result: 'Failed', message: `The service answered ${answer.status}: ${reasonIn(answer)}` };
  if (expression === '' || holds(expression, scope)) return undefined;
  return {
    result: 'Failed',
    message: isGood
      ? `The answer does not meet ${expression}`
      : `The service answered ${answer.status} (${reasonIn(answer)}), which does not meet ${expression}`,
  };
}

/** The service's own words, from the error envelope of Azure where there is one. */
function reasonIn({ text }: ServerAnswer): string {
  const message = /"message"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(text)?.[1];
  return message ? String(JSON.parse(message)) : text.slice(0, 300) || 'no words';
}

function outgoingOf({ link, scope }: Step): OutgoingRequest {
  const { request } = link;
  return {
    url: render(request.url, scope).trim(),
    method: render(request.method, scope).trim(),
    headers: headersOf(render(request.headers, scope)),
    body: render(request.body, scope),
  };
}

function headersOf(text: string): Record<string, string> {
  if (text.trim() === '') return {};
  try {
    const parsed: unknown = JSON.parse(text);
    return Object.fromEntries(Object.entries(parsed as object).map(([name, value]) => [name, String(value)]));
  } catch (cause) {
    const message = 'The headers of the task are not a JSON object.';
    throw new Problem({ code: 'input', message, place: { input: 'headers' }, cause });
  }
}

/** Sends, and writes into the log what the service writes there: request, status and body of the answer. */
async function exchange(outgoing: OutgoingRequest, step: Step, tools: Tools): Promise<ServerAnswer> {
  const { request, scope } = step;
  const { sink, signal, masker, variables } = request;
  const headers = { ...outgoing.headers };
  if (outgoing.body !== '') headers['content-type'] ??= 'application/json';
  if (scope.endpoint && scope.endpoint.scheme !== 'None') {
    const audience = render(step.link.request.resourceUrl, scope) || scope.endpoint.url;
    const token = await tools.signIn.tokenFor(scope.endpoint, audience, variables);
    masker.add(token);
    headers['authorization'] = `Bearer ${token}`;
  }
  sink.line(`${outgoing.method} ${outgoing.url}`);
  const answer = await tools.send({ ...outgoing, headers }, signal);
  sink.line(`Response Code: ${answer.status}`);
  sink.line(`Response: ${answer.text}`);
  return answer;
}

/** Fills an expression's text and refuses it, before anything is sent, when it cannot be read. */
function checked(text: string, { scope, request }: Step): string {
  const expression = render(text, scope).trim();
  if (expression === '') return '';
  const [fault] = faultsInExpression(expression, SUCCESS_WORDS, request.step.place);
  if (fault) throw fault;
  return expression;
}

function expressionScope({ scope, request }: Step, answer: ServerAnswer | undefined): ExpressionScope {
  const variables = new Map(request.variables.all().map(({ name, value }) => [name, value]));
  for (const [name, value] of request.outputs) variables.set(name, value);
  return { answer, inputs: scope.inputs, variables, place: request.step.place };
}
