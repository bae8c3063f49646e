import type { Draft, DraftMap } from '../../compilation.ts';
import type { YamlMap, YamlNode, YamlScalar } from '../../document/node.ts';
import { pythonFloat, pythonText } from '../../document/python.ts';
import { draft } from '../../draft.ts';
import { boolean, oneOf, text } from '../../fields/basic.ts';
import { listOf, mapOf, members } from '../../fields/collections.ts';
import { mapped, required, type Field } from '../../fields/field.ts';
import type { Scope } from '../../fields/scope.ts';

const PARAMETERS = ['boolean', 'integer', 'number', 'string'] as const;
type ParameterType = (typeof PARAMETERS)[number];
const PORTS = [
  'path',
  'custom_model',
  'mlflow_model',
  'mltable',
  'triton_model',
  'uri_file',
  'uri_folder',
] as const;
const MODES = [
  'mount',
  'download',
  'upload',
  'ro_mount',
  'rw_mount',
  'eval_mount',
  'eval_download',
  'direct',
  'link',
] as const;

const anyType = oneOf([...PARAMETERS, ...PORTS], { exactCase: true });

/** One input of a component: a parameter with a default, or a port for data or a model. */
const componentInput: Field<DraftMap> = {
  expected: 'a mapping with a type',
  read(node, scope) {
    const type = members(node, scope, { type: required(anyType) }, { open: true })?.type;
    if (type === undefined || node.kind !== 'map') return undefined;
    return isParameter(type) ? parameter(node, type, scope) : port(node, scope);
  },
};

function isParameter(type: string): type is ParameterType {
  return PARAMETERS.some((known) => known === type);
}

function parameter(node: YamlMap, type: ParameterType, scope: Scope): DraftMap | undefined {
  const value = parameterValue(type);
  const read = members(node, scope, {
    type: text,
    optional: boolean,
    default: value,
    description: text,
    max: value,
    min: value,
    enum: listOf(text),
  });
  return read && draft({ ...read, type });
}

function port(node: YamlNode, scope: Scope): DraftMap | undefined {
  const read = members(node, scope, {
    type: text,
    description: text,
    optional: boolean,
    mode: oneOf(MODES, { exactCase: true }),
  });
  return read && draft(read);
}

/** A default or bound: read as a number where it is one, and written as text in the way of its type. */
function parameterValue(type: ParameterType): Field<string> {
  return {
    expected: EXPECTED[type],
    read(node, scope) {
      const value = node.kind === 'scalar' ? valueText(node, type) : undefined;
      return value ?? scope.unexpected(node, this.expected);
    },
  };
}

const EXPECTED = {
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  string: 'a single value',
};

function valueText(node: YamlScalar, type: ParameterType): string | undefined {
  if (type === 'boolean') return booleanText(node);
  if (node.type === 'date' || node.type === 'binary') return undefined;
  if (type === 'string') return node.type === 'int' ? pythonFloat(Number(node.value)) : pythonText(node);
  const value = node.type === 'bool' ? NaN : Number(node.value);
  if (!Number.isFinite(value) || node.text.trim() === '') return undefined;
  return type === 'integer' ? String(Math.trunc(value)) : pythonFloat(value);
}

function booleanText(node: YamlScalar): string | undefined {
  const word = node.type === 'bool' ? String(node.value) : node.text.toLowerCase();
  if (word === 'true') return 'True';
  return word === 'false' ? 'False' : undefined;
}

const componentOutput: Field<DraftMap> = {
  expected: 'a mapping with a type',
  read(node, scope) {
    const type = members(node, scope, { type: required(anyType) }, { open: true })?.type;
    if (type === undefined) return undefined;
    const extra = isParameter(type) ? { early_available: boolean } : {};
    const shape = { type: text, description: text, mode: oneOf(MODES, { exactCase: true }), ...extra };
    const read = members(node, scope, shape, { open: isParameter(type) });
    return read && draft(read);
  },
};

/** Names of inputs and outputs: words, which dots may join into groups, and which differ in more than letter case. */
function checkNames(ports: DraftMap, node: YamlNode, scope: Scope): DraftMap {
  const seen = new Map<string, string>();
  for (const name of Object.keys(ports)) {
    const at = node.kind === 'map' ? (node.entries.get(name)?.key.at ?? node.at) : node.at;
    const twin = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), name);
    if (!PORT_NAME.test(name))
      scope.refuse(at, `The name '${name}' may hold only letters, digits and underscores.`);
    if (twin !== undefined) scope.refuse(at, `The names '${twin}' and '${name}' differ only in letter case.`);
  }
  return ports;
}

export const PORT_NAME = /^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*$/;

export const componentInputs: Field<DraftMap> = mapped(mapOf<Draft>(componentInput), checkNames);
export const componentOutputs: Field<DraftMap> = mapped(mapOf<Draft>(componentOutput), checkNames);
