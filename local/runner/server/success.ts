import { JSONPathEnvironment } from 'json-p3';
import { messageOf } from '../../../shared/problem/index.ts';
import {
  ArgumentFailure,
  asText,
  evaluate,
  isList,
  isMap,
  toBoolean,
  toValue,
  type ExpressionFunction,
  type Value,
} from '../expressions/index.ts';

/** What came back from a request. */
export interface ServerAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Everything an expression of a task without code may look at. */
export interface ExpressionScope {
  readonly answer: ServerAnswer | undefined;
  readonly inputs: ReadonlyMap<string, string>;
  readonly variables: ReadonlyMap<string, string>;
  /** Where the expression stands, for problems. */
  readonly place: { readonly file: string; readonly line: number; readonly column: number };
}

/** Whether an expression of the service's server-task language holds. */
export function holds(expression: string, scope: ExpressionScope): boolean {
  return toBoolean(evaluated(expression, scope));
}

/** What an expression comes to, as text for a variable. */
export function textOf(expression: string, scope: ExpressionScope): string {
  const value = evaluated(expression, scope);
  const only = isList(value) && value.length === 1 ? (value[0] ?? null) : value;
  return asText(only) ?? '';
}

function evaluated(expression: string, scope: ExpressionScope): Value {
  const root = parsed(scope.answer?.text ?? '');
  return evaluate(
    expression,
    {
      names: {
        root: toValue(root),
        response: responseValue(scope.answer),
        taskInputs: new Map(scope.inputs),
        variables: new Map(scope.variables),
      },
      functions: functionsOn(root),
    },
    scope.place,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function responseValue(answer: ServerAnswer | undefined): Value {
  if (!answer) return null;
  return new Map<string, Value>([
    ['statuscode', statusName(answer.status)],
    ['headers', new Map(Object.entries(answer.headers))],
    ['content', answer.text],
  ]);
}

/** Statuses compare by the names .NET gives them. */
const STATUS_NAMES: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  203: 'NonAuthoritativeInformation',
  204: 'NoContent',
  301: 'MovedPermanently',
  302: 'Redirect',
  304: 'NotModified',
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  408: 'RequestTimeout',
  409: 'Conflict',
  410: 'Gone',
  412: 'PreconditionFailed',
  429: 'TooManyRequests',
  500: 'InternalServerError',
  501: 'NotImplemented',
  502: 'BadGateway',
  503: 'ServiceUnavailable',
  504: 'GatewayTimeout',
};

function statusName(status: number): string {
  return STATUS_NAMES[status] ?? String(status);
}

/** What an expression may name, for finding faults before anything is sent. */
export const SUCCESS_WORDS = {
  names: ['root', 'response', 'taskInputs', 'variables'],
  status: false,
  counter: false,
  get functions() {
    return functionsOn(null);
  },
};

const JSON_PATH = new JSONPathEnvironment({ strict: false });

function functionsOn(root: unknown): ReadonlyMap<string, ExpressionFunction> {
  const own = (
    name: string,
    count: number,
    call: (...values: Value[]) => Value,
  ): [string, ExpressionFunction] => [
    name.toLowerCase(),
    { name, least: count, most: count, call: (args) => call(...args.map((arg) => arg())) },
  ];
  return new Map([
    own('jsonpath', 1, (path) => found(root, asText(path ?? null) ?? '')),
    own('count', 1, (items) => countOf(items ?? null)),
    own('isNullOrEmpty', 1, (value) => countOf(value ?? null) === 0),
    own('isUrl', 1, (value) => URL.canParse(asText(value ?? null) ?? '')),
    own('intersect', 2, (one, other) => intersection(one ?? null, other ?? null)),
  ]);
}

/** Always a list, as the service gives it. */
function found(root: unknown, path: string): Value {
  try {
    return toValue(JSON_PATH.query(path, root as never).values());
  } catch (error) {
    throw new ArgumentFailure(`the path '${path}' cannot be read: ${messageOf(error)}`);
  }
}

function countOf(value: Value): number {
  if (value === null) return 0;
  if (isList(value)) return value.length;
  return isMap(value) ? value.size : (asText(value) ?? '').length;
}

function intersection(one: Value, other: Value): Value {
  const texts = (value: Value): string[] => (isList(value) ? value.map((item) => asText(item) ?? '') : []);
  const wanted = new Set(texts(other));
  return texts(one).filter((item) => wanted.has(item));
}
