import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2019, type ValidateFunction } from 'ajv/dist/2019.js';

type SchemaNode = Readonly<Record<string, unknown>>;

const FOLDER = fileURLToPath(new URL('../../../shared/azureml-api/json-schema/', import.meta.url));
const EXPRESSION =
  'https://schema.management.azure.com/schemas/common/definitions.json#/definitions/expression';

/** Whether there is a published schema to hold bodies of an api-version against. */
export function isPublished(apiVersion: string): boolean {
  return existsSync(`${FOLDER}${apiVersion}.json`);
}

/** Every word that the newest stable schema lists for a choice. */
export function publishedWords(): string[] {
  const words = new Set<string>();
  JSON.parse(readFileSync(`${FOLDER}2025-12-01.json`, 'utf8'), (key, value: unknown) => {
    if (key === 'enum' && Array.isArray(value))
      for (const word of value) if (typeof word === 'string') words.add(word);
    return value;
  });
  return [...words];
}

/** The published request schemas of one api-version; unknown members are wrong too. */
export class ArmSchema {
  readonly #ajv = new Ajv2019({ strict: false, allErrors: true, validateFormats: false });
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(apiVersion: string) {
    const file = `${FOLDER}${apiVersion}.json`;
    if (!existsSync(file))
      throw new Error(`The published API schemas are needed for this suite: ${file} is missing.`);
    const { definitions, resourceDefinitions } = JSON.parse(readFileSync(file, 'utf8')) as Record<
      string,
      SchemaNode
    >;
    const subtypes = new Set(Object.values(definitions ?? {}).flatMap(subtypesOf));
    const closed = Object.entries(definitions ?? {}).map(([name, node]) => {
      const opened = withoutExpressions(node) as SchemaNode;
      return [
        name,
        subtypes.has(name) || isOpenMap(opened) ? opened : { ...opened, unevaluatedProperties: false },
      ];
    });
    this.#ajv.addSchema({
      $id: 'arm',
      definitions: Object.fromEntries(closed) as SchemaNode,
      resourceDefinitions: withoutExpressions(resourceDefinitions),
    });
  }

  /** What is wrong with a body that is PUT to a resource such as `workspaces_jobs`; empty when nothing is. */
  problems(resource: string, body: unknown): string[] {
    return this.#check(`arm#/resourceDefinitions/${resource}/properties/properties`, propertiesOf(body));
  }

  #check(reference: string, value: unknown): string[] {
    const validate = this.#compiled.get(reference) ?? this.#ajv.compile({ $ref: reference });
    this.#compiled.set(reference, validate);
    if (validate(value)) return [];
    return (validate.errors ?? [])
      .filter((error) => error.keyword !== 'if')
      .map((error) => `${error.instancePath || '/'} ${error.message ?? ''} ${JSON.stringify(error.params)}`);
  }
}

function propertiesOf(body: unknown): unknown {
  return body !== null && typeof body === 'object' && 'properties' in body ? body.properties : body;
}

/** A definition that is a free map, or that says itself what other members are. */
function isOpenMap(node: SchemaNode): boolean {
  return 'additionalProperties' in node || (!('properties' in node) && !('allOf' in node));
}

/** Names of the definitions that a definition with a discriminator chooses from. */
function subtypesOf(node: unknown): string[] {
  return branchesOf(node).map(({ subtype }) => subtype.replace('#/definitions/', ''));
}

interface Branch {
  readonly subtype: string;
  readonly when: SchemaNode;
}

/** `allOf: [base, { oneOf: [{ allOf: [subtype, discriminator] }, ...] }]` is how these schemas write a choice. */
function branchesOf(node: unknown): Branch[] {
  const choices = listAt(listAt(node, 'allOf')[1], 'oneOf');
  return choices.flatMap((choice) => {
    const [subtype, when] = listAt(choice, 'allOf');
    return isNode(subtype) && typeof subtype['$ref'] === 'string' && isNode(when)
      ? [{ subtype: subtype['$ref'], when }]
      : [];
  });
}

function listAt(node: unknown, key: string): readonly unknown[] {
  const value = isNode(node) ? node[key] : undefined;
  return Array.isArray(value) ? value : [];
}

function isNode(node: unknown): node is SchemaNode {
  return node !== null && typeof node === 'object' && !Array.isArray(node);
}

/** Every scalar of an ARM template may be an expression in brackets; a request has none, so that way out is closed. */
function withoutExpressions(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutExpressions);
  if (!isNode(node)) return node;
  const branches = branchesOf(node);
  if (branches.length > 0) return discriminated(node, branches);
  const { oneOf, ...rest } = withoutFiller(withFractions(node));
  const others = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, withoutExpressions(value)]),
  );
  if (!Array.isArray(oneOf)) return others;
  const choices = oneOf
    .filter((choice) => !isNode(choice) || choice['$ref'] !== EXPRESSION)
    .map(withoutExpressions);
  if (choices.length === 1 && isNode(choices[0])) return { ...others, ...choices[0] };
  return { ...others, oneOf: choices };
}

/** These schemas know no fractions: they write every number of the API as an integer. */
function withFractions(node: SchemaNode): SchemaNode {
  return node['type'] === 'integer' ? { ...node, type: 'number' } : node;
}

/** The generator of these schemas writes this pattern for every text that must be there: it means 'not empty'. */
function withoutFiller(node: SchemaNode): SchemaNode {
  return node['pattern'] === '[a-zA-Z0-9_]' ? { ...node, pattern: '.' } : node;
}

/** A choice by discriminator: only the subtype that is named counts, so that messages are about it. */
function discriminated(node: SchemaNode, branches: readonly Branch[]): SchemaNode {
  const base = withoutExpressions(listAt(node, 'allOf')[0]);
  const members = Object.entries(isNode(base) ? base : {}).filter(([key]) => key !== 'additionalProperties');
  const open = Object.fromEntries(members);
  return { allOf: [open, ...branches.map(({ subtype, when }) => ({ if: when, then: { $ref: subtype } }))] };
}
