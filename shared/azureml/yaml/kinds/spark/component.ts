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
import { includes } from '../component/includes.ts';
import { sparkSpec } from './spec.ts';
import { codeOf, sparkShape } from './settings.ts';

const shape = { ...componentShape, ...sparkShape, type: oneOf(['spark']), additional_includes: includes };

/** A Spark component as it is written in a file of its own or in a step. */
export function sparkComponent(node: YamlNode, scope: Scope): ComponentReading | undefined {
  const read = members(node, scope, shape, { open: true });
  if (!read || node.kind !== 'map') return undefined;
  const spec = draft({
    ...baseSpec('spark', read),
    ...sparkSpec({ ...read, code: codeOf(read.code, node, scope) }),
    ...unknownMembers(node, Object.keys(shape), scope),
  });
  const { name, version, conf } = read;
  return { name, version, spec, conf, properties: versionProperties(read.properties) };
}
