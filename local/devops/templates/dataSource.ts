import { compile } from 'json-p3';
import { renderTemplate } from './template.ts';

/** A data source as a task or an artifact type binds it to an input. */
export interface DataSourceBinding {
  readonly target: string;
  /** Absent where the rows are made from the inputs alone. */
  readonly endpointUrl?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly resultSelector?: string;
  readonly resultTemplate?: string;
  readonly callbackContextTemplate?: string;
  readonly callbackRequiredTemplate?: string;
  readonly initialContextTemplate?: string;
}

/** What a binding is filled from. */
export interface DataSourceSetting {
  readonly endpoint: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, string>>;
  /** GETs an address with the connection's token. */
  readonly get: (url: string) => Promise<string>;
}

export interface DataSourceRows {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** Addresses that were asked for, in their order. */
  readonly urls: readonly string[];
  /** Whether there would have been more pages than the service asks for. */
  readonly isCutOff: boolean;
}

/** The service makes so many calls for one list (azure-pipelines-extensions, docs/authoring/endpoints/pagination.md). */
const MOST_CALLS = 5;
/** And takes so many bytes from each. */
const LARGEST_ANSWER_IN_BYTES = 2 * 1024 ** 2;

/** Reads a list as the service fills a picker: address, paging, selector, template. */
export async function readDataSource(
  binding: DataSourceBinding,
  setting: DataSourceSetting,
): Promise<DataSourceRows> {
  const { endpointUrl, initialContextTemplate = '{}', resultTemplate = '' } = binding;
  const given = { ...setting.inputs, endpoint: setting.endpoint };
  if (endpointUrl === undefined) return { rows: rowsOf(resultTemplate, given), urls: [], isCutOff: false };
  const parameters = mapValues(binding.parameters ?? {}, (value) => withMacros(value, setting.inputs));
  const rows: Readonly<Record<string, unknown>>[] = [];
  const urls: string[] = [];
  let more: Readonly<Record<string, unknown>> = parsed(renderTemplate(initialContextTemplate, given));
  for (;;) {
    const context = { ...given, ...parameters, ...more };
    const url = renderTemplate(withMacros(endpointUrl, setting.inputs), context);
    urls.push(url);
    const response = await answerOf(url, setting);
    for (const token of selected(binding.resultSelector, response))
      rows.push(...rowsOf(resultTemplate, { ...context, ...contextOf(token) }));
    const turn = { ...context, response };
    if (
      renderTemplate(binding.callbackRequiredTemplate ?? '', turn)
        .trim()
        .toLowerCase() !== 'true'
    )
      return { rows, urls, isCutOff: false };
    if (urls.length === MOST_CALLS) return { rows, urls, isCutOff: true };
    more = parsed(renderTemplate(binding.callbackContextTemplate ?? '{}', turn));
  }
}

async function answerOf(url: string, { get }: DataSourceSetting): Promise<unknown> {
  const text = await get(url);
  if (Buffer.byteLength(text) > LARGEST_ANSWER_IN_BYTES)
    throw new RangeError(`The answer of ${url} is larger than ${LARGEST_ANSWER_IN_BYTES} bytes.`);
  return JSON.parse(text);
}

/** `$(name)` stands for an input; unknown ones stay as they are. */
function withMacros(text: string, inputs: Readonly<Record<string, string>>): string {
  return text.replace(/\$\(([^()]+)\)/g, (macro, name: string) => inputs[name] ?? macro);
}

function selected(selector: string | undefined, response: unknown): readonly unknown[] {
  if (selector === undefined || selector === 'none') return [response];
  const [, path] = /^jsonpath:(.+)$/s.exec(selector) ?? [];
  if (path === undefined) throw new SyntaxError(`The selector '${selector}' is no JSONPath.`);
  // The library declares its documents mutable.
  return compile(path)
    .query(response as never)
    .values();
}

function contextOf(token: unknown): Readonly<Record<string, unknown>> {
  const isObject = typeof token === 'object' && token !== null && !Array.isArray(token);
  return isObject ? { ...token } : { defaultResultKey: token };
}

/** A template gives one row, or a list of them. */
function rowsOf(
  template: string,
  context: Readonly<Record<string, unknown>>,
): readonly Readonly<Record<string, unknown>>[] {
  const made: unknown = JSON.parse(renderTemplate(template, context));
  return (Array.isArray(made) ? made : [made]) as Readonly<Record<string, unknown>>[];
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  return JSON.parse(text) as Readonly<Record<string, unknown>>;
}

function mapValues(
  values: Readonly<Record<string, string>>,
  change: (value: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
}
