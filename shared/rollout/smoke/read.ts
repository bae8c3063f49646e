import { Ajv, type AnySchema, type ErrorObject, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { createHash } from 'node:crypto';
import { compile } from 'json-p3';
import { parse } from 'yaml';
import { messageOf, throwIfAny } from '../../problem/index.ts';
import { hashOf, type Json } from '../json.ts';
import { isDraft2020, isDraft7 } from './checks.ts';
import { SmokeDocument } from './document.ts';
import type { Expectation, SmokeRequest, SmokeTest, Tolerance, ValueCheck } from './smokeTest.ts';

/** Reads a file next to the smoke test; throws what the file system throws. */
export type ReadNeighbour = (relativePath: string) => Buffer;

/** The file's content once it fits the schema. */
interface Written {
  readonly headers?: Record<string, string | number | boolean>;
  readonly requests: readonly WrittenRequest[];
}
interface WrittenRequest {
  readonly name?: string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string | number | boolean>;
  readonly body?: Json;
  readonly bodyFile?: string;
  readonly expect?: WrittenExpectation;
}
interface WrittenExpectation {
  readonly status?: number | readonly number[];
  readonly maxLatencyInMs?: number;
  readonly schema?: AnySchema;
  readonly schemaFile?: string;
  readonly values?: readonly WrittenValue[];
}
interface WrittenValue {
  readonly path: string;
  readonly equals?: Json;
  readonly tolerance?: number | string;
  readonly min?: number;
  readonly max?: number;
  readonly matches?: string;
  readonly count?: number;
}

type At = readonly (string | number)[];

/** Reads a smoke test; throws everything that is wrong with it together, with line and column. */
export function readSmokeTest(
  text: string,
  options: { file: string; readNeighbour: ReadNeighbour },
): SmokeTest {
  const document = new SmokeDocument(text, options.file);
  const content = document.content() as Written | undefined;
  const reader = new Reader(document, options.readNeighbour);
  const requests = (content?.requests ?? []).map((request, index) =>
    reader.request(request, content?.headers ?? {}, ['requests', index]),
  );
  throwIfAny(document.problems);
  const sent = requests.map(({ name, method, path, headers, body }) => ({
    ...{ name, method, path: path ?? null, headers },
    body: body ? createHash('sha256').update(body).digest('hex') : null,
  }));
  return { requests, hash: hashOf({ sent, asked: reader.asked }) };
}

class Reader {
  /** What is asked for, as plain values, for the hash. */
  readonly asked: Json[] = [];
  readonly #document: SmokeDocument;
  readonly #readNeighbour: ReadNeighbour;

  constructor(document: SmokeDocument, readNeighbour: ReadNeighbour) {
    this.#document = document;
    this.#readNeighbour = readNeighbour;
  }

  request(written: WrittenRequest, shared: WrittenRequest['headers'], at: At): SmokeRequest {
    const method = written.method ?? 'POST';
    const body = this.#body(written, at);
    const isJson = written.body !== undefined && typeof written.body !== 'string';
    const contentType = isJson || body !== undefined ? { 'content-type': 'application/json' } : {};
    const headers = { ...contentType, ...lowerCase(shared), ...lowerCase(written.headers) };
    const name = written.name ?? `${method} ${written.path ?? 'scoring path'}`;
    const expect = this.#expectation(written.expect ?? {}, [...at, 'expect']);
    return { name, method, path: written.path, headers, body, expect };
  }

  #body({ body, bodyFile }: WrittenRequest, at: At): Buffer | undefined {
    if (bodyFile !== undefined) return this.#neighbour(bodyFile, [...at, 'bodyFile']);
    if (body === undefined) return undefined;
    return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  }

  #expectation(written: WrittenExpectation, at: At): Expectation {
    const schema =
      written.schemaFile === undefined ? written.schema : this.#schemaFile(written.schemaFile, at);
    const asked = { ...written, schemaFile: undefined, ...(schema !== undefined && { schema }) };
    this.asked.push(JSON.parse(JSON.stringify(asked)) as Json);
    return {
      statuses: [written.status ?? 200].flat(),
      maxLatencyInMs: written.maxLatencyInMs,
      schema: schema === undefined ? undefined : this.#schema(schema, at),
      values: (written.values ?? []).map((value, index) => this.#value(value, [...at, 'values', index])),
    };
  }

  #schemaFile(file: string, at: At): AnySchema | undefined {
    const text = this.#neighbour(file, [...at, 'schemaFile'])?.toString('utf8');
    if (text === undefined) return undefined;
    try {
      return parse(text) as AnySchema;
    } catch (error) {
      this.#document.complain([...at, 'schemaFile'], `'${file}' cannot be read: ${messageOf(error)}.`);
      return undefined;
    }
  }

  #schema(schema: AnySchema, at: At): Expectation['schema'] {
    try {
      const validate = compileSchema(schema);
      return (document) => (validate(document) ? [] : (validate.errors ?? []).map(wordsOfError));
    } catch (error) {
      this.#document.complain([...at, 'schema'], `This is no JSON Schema: ${messageOf(error)}.`);
      return undefined;
    }
  }

  #value(written: WrittenValue, at: At): ValueCheck {
    return {
      path: written.path,
      query: this.#query(written.path, at),
      equals: written.equals === undefined ? undefined : { value: written.equals },
      tolerance: toleranceOf(written.tolerance),
      min: written.min,
      max: written.max,
      matches: written.matches === undefined ? undefined : new RegExp(written.matches),
      count: written.count,
    };
  }

  #query(path: string, at: At): ValueCheck['query'] {
    try {
      const query = compile(path);
      return (document) => query.query(toMutable(document)).values() as Json[];
    } catch (error) {
      const next = 'JSONPath follows RFC 9535, for example $.predictions[0] or $[*].score';
      this.#document.complain([...at, 'path'], `'${path}' is no JSONPath: ${messageOf(error)}.`, next);
      return () => [];
    }
  }

  #neighbour(file: string, at: At): Buffer | undefined {
    try {
      return this.#readNeighbour(file);
    } catch (error) {
      const next = 'The path is relative to the smoke test file.';
      this.#document.complain(at, `'${file}' cannot be read: ${messageOf(error)}.`, next);
      return undefined;
    }
  }
}

/** Checked against its dialect first, by code that is written at build time; ajv would compile the dialect for it. */
function compileSchema(schema: AnySchema): ValidateFunction {
  const options = { allErrors: true, strict: false, validateSchema: false, meta: false };
  const isOld = /draft-0[67]/.test(dialectOf(schema));
  const isSchema = isOld ? isDraft7 : isDraft2020;
  const ajv = isOld ? new Ajv(options) : new Ajv2020(options);
  if (!isSchema(schema)) throw new Error(ajv.errorsText(isSchema.errors, { dataVar: 'schema' }));
  addFormats.default(ajv);
  return ajv.compile(schema);
}

function dialectOf(schema: AnySchema): string {
  const dialect = String((typeof schema === 'object' ? schema['$schema'] : undefined) ?? '2020-12');
  if (/draft-0[67]|2020-12/.test(dialect)) return dialect;
  throw new Error(`its dialect '${dialect}' is not known; draft-06, draft-07 and 2020-12 are`);
}

function wordsOfError({ instancePath, message }: ErrorObject): string {
  return `${instancePath === '' ? 'the answer' : instancePath} ${message ?? 'does not fit'}`;
}

function toleranceOf(written: number | string | undefined): Tolerance {
  if (typeof written === 'string') return { amount: Number.parseFloat(written), isPercent: true };
  return { amount: written ?? 0, isPercent: false };
}

function lowerCase(headers: WrittenRequest['headers'] = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
}

/** json-p3 declares its documents mutable. */
function toMutable(document: Json): never {
  return document as never;
}
