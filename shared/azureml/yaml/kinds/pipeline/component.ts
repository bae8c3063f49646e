import type { DraftMap } from '../../compilation.ts';
import type { YamlMap, YamlNode } from '../../document/node.ts';
import { draft, isDraftMap, mapValues } from '../../draft.ts';
import { oneOf } from '../../fields/basic.ts';
import { members } from '../../fields/collections.ts';
import type { Field } from '../../fields/field.ts';
import type { Scope } from '../../fields/scope.ts';
import {
  baseSpec,
  componentShape,
  unknownMembers,
  versionProperties,
  type ComponentReading,
} from '../component/base.ts';
import { EMPTY, outputMode, outputType, type JobOutput } from '../job/outputs.ts';
import type { ComponentShelf } from './components.ts';
import { requiredOf } from './givenPorts.ts';
import { inferOptional } from './optional.ts';
import { typesOfPorts } from './portTypes.ts';
import { NO_STEPS, pipelineSteps } from './steps.ts';

/** The steps of a pipeline, by name. */
export const jobsField: Field<YamlMap> = {
  expected: 'a mapping of steps by name',
  read: (node, scope) => (node.kind === 'map' ? node : scope.unexpected(node, 'a mapping of steps by name')),
};

const shape = { ...componentShape, type: oneOf(['pipeline']), jobs: jobsField };

/** A pipeline component as it is written in a file of its own. */
export function pipelineComponent(
  node: YamlNode,
  scope: Scope,
  shelf: ComponentShelf,
): ComponentReading | undefined {
  const read = members(node, scope, shape, { open: true });
  if (!read || node.kind !== 'map') return undefined;
  const [inputs, outputs] = [read.inputs ?? {}, read.outputs ?? {}];
  const steps = read.jobs
    ? pipelineSteps(read.jobs, scope.member('jobs'), {
        inputs: typesOfPorts(inputs),
        outputs: outputsOf(outputs),
        shelf,
      })
    : NO_STEPS;
  const spec = draft({
    ...unknownMembers(node, Object.keys(shape), scope),
    ...baseSpec('pipeline', { ...read, inputs: inferOptional(inputs, steps.uses, { node, scope }) }),
    is_deterministic: read.is_deterministic,
    jobs: steps.nodes,
    sourceJobId: null,
  });
  const properties = versionProperties(read.properties);
  const { name, version } = read;
  return { name, version, spec, properties, lacking: steps.lacking, needed: requiredOf(inputs) };
}

/** What the pipeline declares to give out, as steps see it. */
function outputsOf(ports: DraftMap): Record<string, JobOutput> {
  return mapValues(ports, (port) =>
    isDraftMap(port) ? { ...EMPTY, type: outputType(port['type']), mode: outputMode(port['mode']) } : EMPTY,
  );
}
