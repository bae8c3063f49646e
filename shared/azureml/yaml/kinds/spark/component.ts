import type { YamlNode } from '../../document/node.ts';
import { draft } from '../../draft.ts';
import { oneOf } from '../../fields/basic.ts';
import { members } from '../../fields/collections.ts';
import type { Scope } from '../../fields/scope.ts';
import {
  baseSpec,
  componentShape,
  unknownMembers,
  versionProperties,
  type ComponentReading,
} from '../component/base.ts';
import { codeWithIncludes, includes } from '../component/includes.ts';
import { sparkSpec } from './spec.ts';
import { codeOf, sparkShape } from './settings.ts';

const shape = { ...componentShape, ...sparkShape, type: oneOf(['spark']), additional_includes: includes };

/** A Spark component as it is written in a file of its own or in a step. */
export function sparkComponent(node: YamlNode, scope: Scope): ComponentReading | undefined {
  if (node.kind !== 'map') return scope.unexpected(node, 'a mapping');
  const code = codeWithIncludes(node);
  const read = members(node, scope, { ...shape, code }, { open: true });
  if (!read) return undefined;
  const spec = draft({
    ...baseSpec('spark', read),
    ...sparkSpec({ ...read, code: codeOf(read.code, { code, node, scope }) }),
    additional_includes: read.additional_includes?.length ? read.additional_includes : undefined,
    ...unknownMembers(node, [...Object.keys(shape), 'code'], scope),
  });
  const { name, version, conf } = read;
  return { name, version, spec, conf, properties: versionProperties(read.properties) };
}
