import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../../../shared/azureml-api/json-schema/', import.meta.url));
const EXPRESSION = '/common/definitions.json#/definitions/expression';

type Json = Readonly<Record<string, unknown>>;

/** A member of an object, as the published schemas describe it. */
export interface Member {
  readonly required: boolean;
  /** Resolved when it is asked for: definitions may hold each other. */
  readonly node: () => Node;
}

export type Members = Readonly<Record<string, Member>>;

/** What a published request schema says of one value, without the notation. */
export type Node =
  | {
      readonly kind: 'text';
      readonly words?: readonly string[];
      readonly pattern?: string;
      readonly least: number;
    }
  | { readonly kind: 'number' }
  | { readonly kind: 'flag' }
  | { readonly kind: 'any' }
  | { readonly kind: 'list'; readonly item: () => Node }
  | { readonly kind: 'map'; readonly value: () => Node }
  | { readonly kind: 'object'; readonly members: Members }
  | {
      readonly kind: 'choice';
      readonly discriminator: string;
      readonly base: Members;
      readonly kinds: Readonly<Record<string, () => Node>>;
    };

/** The request schemas of one api-version, by their names such as `workspaces_models_versions`. */
export function requestSchemas(version: string): (resource: string) => Members {
  const file = `${FOLDER}${version}.json`;
  if (!existsSync(file)) throw new Error(`The published request schemas are needed, but ${file} is missing.`);
  const { definitions, resourceDefinitions } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Json>;
  const reader = new Reader(definitions ?? {});
  return (resource) => {
    const root = resourceDefinitions?.[resource];
    if (!isJson(root)) throw new Error(`The published schemas of ${version} have no ${resource}.`);
    // Name and type stand in the path; resources within resources are a matter of templates.
    const { name: _n, apiVersion: _v, type: _t, resources: _r, ...members } = reader.membersOf(root);
    return members;
  };
}

class Reader {
  readonly #definitions: Json;

  constructor(definitions: Json) {
    this.#definitions = definitions;
  }

  membersOf(node: Json): Members {
    const required = Array.isArray(node['required']) ? (node['required'] as readonly string[]) : [];
    const entries = Object.entries(isJson(node['properties']) ? node['properties'] : {});
    return Object.fromEntries(
      entries.map(([name, inner]) => [
        name,
        { required: required.includes(name), node: () => this.read(inner as Json) },
      ]),
    );
  }

  read(given: Json): Node {
    const node = this.#resolved(given);
    const branches = branchesOf(node);
    if (branches.length > 0) return this.#choice(node, branches);
    switch (node['type']) {
      case 'string':
        return textOf(node);
      case 'integer':
      case 'number':
        return { kind: 'number' };
      case 'boolean':
        return { kind: 'flag' };
      case 'array':
        return { kind: 'list', item: () => this.read((node['items'] ?? {}) as Json) };
      case 'object':
        return this.#object(node);
      default:
        return { kind: 'any' };
    }
  }

  #object(node: Json): Node {
    const value = node['additionalProperties'];
    const isOpen = isJson(value) && Object.keys((node['properties'] ?? {}) as Json).length === 0;
    return isOpen
      ? { kind: 'map', value: () => this.read(value) }
      : { kind: 'object', members: this.membersOf(node) };
  }

  #choice(node: Json, branches: readonly Branch[]): Node {
    const base = this.#resolved((node['allOf'] as readonly Json[])[0] ?? {});
    const [first] = branches;
    return {
      kind: 'choice',
      discriminator: first?.discriminator ?? '',
      base: this.membersOf(base),
      kinds: Object.fromEntries(branches.map(({ word, subtype }) => [word, () => this.read(subtype)])),
    };
  }

  /** Follows references, and leaves out the way that templates may write an expression instead. */
  #resolved(node: Json): Json {
    const reference = node['$ref'];
    if (typeof reference === 'string')
      return this.#resolved(this.#definitions[reference.split('/').at(-1) ?? ''] as Json);
    const { oneOf } = node;
    if (!Array.isArray(oneOf)) return node;
    const choices = (oneOf as readonly Json[]).filter((one) => !String(one['$ref']).endsWith(EXPRESSION));
    return choices.length === 1 && choices[0] ? this.#resolved(choices[0]) : {};
  }
}

interface Branch {
  readonly discriminator: string;
  readonly word: string;
  readonly subtype: Json;
}

/** `allOf: [base, { oneOf: [{ allOf: [subtype, discriminator] }, ...] }]` is how these schemas write a choice. */
function branchesOf(node: Json): readonly Branch[] {
  const [, choices] = Array.isArray(node['allOf']) ? (node['allOf'] as readonly Json[]) : [];
  const oneOf = Array.isArray(choices?.['oneOf']) ? (choices['oneOf'] as readonly Json[]) : [];
  return oneOf.flatMap((choice) => {
    const [subtype, when] = (choice['allOf'] ?? []) as readonly Json[];
    const [discriminator, word] = Object.entries((when?.['properties'] ?? {}) as Json)[0] ?? [];
    const value = isJson(word)
      ? (word['const'] ?? (word['enum'] as readonly string[] | undefined)?.[0])
      : undefined;
    return subtype && discriminator && typeof value === 'string'
      ? [{ discriminator, word: value, subtype }]
      : [];
  });
}

function textOf(node: Json): Node {
  return {
    kind: 'text',
    least: Number(node['minLength'] ?? 0),
    ...(Array.isArray(node['enum']) ? { words: node['enum'] as readonly string[] } : {}),
    ...(typeof node['pattern'] === 'string' ? { pattern: node['pattern'] } : {}),
  };
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
