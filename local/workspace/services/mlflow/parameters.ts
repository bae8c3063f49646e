import type { Context } from 'hono';
import type { WorkspaceEnv } from '../../context.ts';
import { isObject, type Json, readBody } from '../../server/bodies.ts';
import { userError } from '../../server/failures.ts';

/** The parameters of a call: the JSON body of a POST, PATCH or DELETE, the query of a GET. */
export async function readParameters(request: Context<WorkspaceEnv>): Promise<Parameters> {
  const query: Json = Object.fromEntries(
    Object.entries(request.req.queries()).map(([name, values]) => [
      name,
      values.length === 1 ? values[0] : values,
    ]),
  );
  return new Parameters({ ...query, ...(request.req.method === 'GET' ? {} : await readBody(request)) });
}

/** Reads parameters as protobuf's JSON has them: numbers and 64-bit integers may arrive as text. */
export class Parameters {
  readonly #json: Json;

  constructor(json: Json) {
    this.#json = json;
  }

  text(name: string): string | undefined {
    const value = this.#json[name];
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw userError(`Invalid value for parameter '${name}' supplied: it must be text.`);
  }

  needed(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw userError(`Missing value for required parameter '${name}'.`);
    return value;
  }

  number(name: string): number | undefined {
    const value = this.#json[name];
    return value === undefined || value === null || value === '' ? undefined : numberOf(value, name);
  }

  list(name: string): readonly unknown[] {
    const value = this.#json[name];
    if (value === undefined || value === null) return [];
    return Array.isArray(value) ? value : [value];
  }

  objects(name: string): readonly Parameters[] {
    return this.list(name).map((item) => {
      if (!isObject(item))
        throw userError(`Invalid value for parameter '${name}' supplied: it must be a list of objects.`);
      return new Parameters(item);
    });
  }

  texts(name: string): readonly string[] {
    return this.list(name).map(String);
  }

  flag(name: string): boolean {
    const value = this.#json[name];
    return value === true || value === 'true' || value === 'True';
  }

  json(name: string): Json | undefined {
    const value = this.#json[name];
    return isObject(value) ? value : undefined;
  }

  /** The run a call is about: old clients say `run_uuid`. */
  runId(): string {
    return this.text('run_id') ?? this.needed('run_uuid');
  }

  /** A list of `{key, value}` as a map. */
  pairs(name: string): Record<string, string> {
    return Object.fromEntries(
      this.objects(name).map((pair) => [pair.needed('key'), pair.text('value') ?? '']),
    );
  }
}

/** A number, also as protobuf's JSON writes the ones that JSON has not: `"NaN"`, `"Infinity"`. */
function numberOf(value: unknown, name: string): number {
  if (typeof value === 'number') return value;
  if (value === 'NaN') return Number.NaN;
  const number = typeof value === 'string' ? Number(value) : Number.NaN;
  if (Number.isNaN(number))
    throw userError(
      `Invalid value '${String(value)}' for parameter '${name}' supplied: it must be a number.`,
    );
  return number;
}

/** The other way round. */
export function jsonNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

/** `{key, value}` pairs of a map. */
export function pairsOf(map: Readonly<Record<string, string>>): { key: string; value: string }[] {
  return Object.entries(map).map(([key, value]) => ({ key, value }));
}
