import type { YamlNode } from '../../document/node.ts';
import { draft } from '../../draft.ts';
import { integer, oneOf } from '../../fields/basic.ts';
import { members } from '../../fields/collections.ts';
import { required } from '../../fields/field.ts';
import type { Scope } from '../../fields/scope.ts';
import { baseSpec, componentShape, versionProperties, type ComponentReading } from '../component/base.ts';
import { looseResources } from '../component/resources.ts';
import { parallelShape } from './settings.ts';
import { parallelSpec } from './spec.ts';

const shape = {
  ...componentShape,
  ...parallelShape(integer),
  type: required(oneOf(['parallel'])),
  resources: looseResources,
};

/** A parallel component as it is written in a file of its own or in a step; what is not known is not sent. */
export function parallelComponent(node: YamlNode, scope: Scope): ComponentReading | undefined {
  const read = members(node, scope, shape, { open: true });
  if (!read || node.kind !== 'map') return undefined;
  const spec = draft({ ...baseSpec('parallel', read), ...parallelSpec(read) });
  return { name: read.name, version: read.version, spec, properties: versionProperties(read.properties) };
}
