import type { Context } from 'hono';
import type { WorkspaceEnv } from '../context.ts';
import { failure, userError } from './failures.ts';

/** A JSON object whose members are not known yet. */
export type Json = Readonly<Record<string, unknown>>;

/** The request's body as a JSON object; an empty body is an empty object. */
export async function readBody(request: Context<WorkspaceEnv>): Promise<Json> {
  const text = await request.req.text();
  if (text.trim() === '') return {};
  const value = parse(text);
  if (!isObject(value)) throw invalidContent('The request content must be a JSON object.');
  return value;
}

/** The `properties` of a resource body, which every PUT needs. */
export async function readProperties(request: Context<WorkspaceEnv>): Promise<Json> {
  const { properties } = await readBody(request);
  if (!isObject(properties)) throw userError("The request needs an object 'properties'.");
  return properties;
}

/** Reads members of a JSON object, refusing those of the wrong type by name. Null counts as absent. */
export class Members {
  readonly #json: Json;
  readonly #place: string;

  constructor(json: Json, place = 'properties') {
    this.#json = json;
    this.#place = place;
  }

  text(name: string): string | undefined {
    return this.#read(name, 'a string', (value) => (typeof value === 'string' ? value : undefined));
  }

  flag(name: string): boolean | undefined {
    return this.#read(name, 'true or false', (value) => (typeof value === 'boolean' ? value : undefined));
  }

  number(name: string): number | undefined {
    return this.#read(name, 'a number', (value) => (typeof value === 'number' ? value : undefined));
  }

  object(name: string): Json | undefined {
    return this.#read(name, 'an object', (value) => (isObject(value) ? value : undefined));
  }

  list(name: string): readonly unknown[] | undefined {
    return this.#read(name, 'a list', (value) => (Array.isArray(value) ? value : undefined));
  }

  /** A map from strings to strings, such as tags; null values are left out, as the service does. */
  texts(name: string): Readonly<Record<string, string>> | undefined {
    return this.#read(name, 'an object whose values are strings', (value) => {
      if (!isObject(value)) return undefined;
      const entries = Object.entries(value).filter(([, one]) => one !== null);
      if (entries.some(([, one]) => typeof one !== 'string')) return undefined;
      return Object.fromEntries(entries) as Record<string, string>;
    });
  }

  /** The same, with numbers taken as their text: azure-ai-ml sends the `hash_version` among an asset's properties as one. */
  textsOrNumbers(name: string): Readonly<Record<string, string>> | undefined {
    const object = this.object(name);
    const worded = Object.entries(object ?? {}).map(([key, value]) => [
      key,
      typeof value === 'number' ? String(value) : value,
    ]);
    return object && new Members({ [name]: Object.fromEntries(worded) }, this.#place).texts(name);
  }

  /** One of the words, compared without case; answered in the service's spelling. */
  word<W extends string>(name: string, words: readonly W[]): W | undefined {
    return this.#read(name, `one of ${words.join(', ')}`, (value) =>
      typeof value === 'string'
        ? words.find((word) => word.toLowerCase() === value.toLowerCase())
        : undefined,
    );
  }

  needed<T>(name: string, value: T | undefined): T {
    if (value === undefined) throw userError(`The member '${this.#place}.${name}' is required.`);
    return value;
  }

  #read<T>(name: string, expected: string, accept: (value: unknown) => T | undefined): T | undefined {
    const value = this.#json[name];
    if (value === undefined || value === null) return undefined;
    const read = accept(value);
    if (read === undefined) throw userError(`The member '${this.#place}.${name}' must be ${expected}.`);
    return read;
  }
}

/** Whether a value is a JSON object, not null and not a list. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object without its members that are undefined. */
export function defined<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalidContent(
      `The request content was invalid and could not be deserialized: '${cause instanceof Error ? cause.message : String(cause)}'.`,
    );
  }
}

function invalidContent(message: string): Error {
  return failure(400, 'InvalidRequestContent', message);
}
