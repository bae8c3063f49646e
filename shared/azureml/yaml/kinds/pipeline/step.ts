import type { Draft, DraftMap } from '../../compilation.ts';
import type { YamlMap, YamlNode } from '../../document/node.ts';
import { draft, mapValues } from '../../draft.ts';
import { anyText, jsonOf, text } from '../../fields/basic.ts';
import { mapOf } from '../../fields/collections.ts';
import type { Field } from '../../fields/field.ts';
import type { Scope } from '../../fields/scope.ts';
import { jobInput, nodeInput, type JobInput } from '../job/inputs.ts';
import { EMPTY, jobOutput, nodeOutput, type JobOutput } from '../job/outputs.ts';
import { hasBinding } from '../../references/paths.ts';
import { stepCompute } from './stepSettings.ts';

/** An output of a step: empty, bound to an output of the pipeline, or described. */
export const stepOutput: Field<JobOutput | null> = {
  expected: 'empty, ${{parent.outputs.<name>}}, or a mapping with type, mode or path',
  acceptsNull: true,
  read(node, scope) {
    if (node.kind !== 'scalar') return jobOutput.read(node, scope);
    if (node.type === 'null') return null;
    const isBinding = node.type === 'str' && hasBinding(node.value);
    return isBinding ? { ...EMPTY, path: node.value } : scope.unexpected(node, this.expected);
  },
};

/** What every step has. */
export const stepShape = {
  type: text,
  name: text,
  display_name: text,
  tags: mapOf(text),
  properties: mapOf(anyText),
  comment: text,
  compute: stepCompute,
  inputs: mapOf(jobInput),
  outputs: mapOf(stepOutput),
};

/** The inputs of a step, read on their own. */
export function stepInputs(node: YamlMap, scope: Scope): Record<string, JobInput> {
  const inputs = node.entries.get('inputs')?.value;
  return (inputs && stepShape.inputs.read(inputs, scope)) ?? {};
}

interface Step {
  readonly display_name: string | undefined;
  readonly tags: Record<string, string> | undefined;
  readonly properties: Record<string, string> | undefined;
  readonly comment: string | undefined;
  readonly compute: Draft | undefined;
}

/** The members of a node that every step has. */
export function stepBody(
  name: string,
  type: string,
  source: string,
  step: Step,
): Record<string, Draft | undefined> {
  return {
    name,
    type,
    _source: source,
    display_name: step.display_name,
    tags: nonEmpty(step.tags),
    properties: nonEmpty(step.properties),
    comment: step.comment,
    computeId: step.compute,
  };
}

/** Inputs and outputs of a node; an empty output is the component's own affair and is not sent. */
export function stepPorts(
  inputs: Readonly<Record<string, JobInput>>,
  outputs: Readonly<Record<string, JobOutput | null>>,
): Record<string, Draft | undefined> {
  const sent = Object.entries(outputs).flatMap(([name, output]) =>
    output === null ? [] : [[name, nodeOutput(output)] as const],
  );
  return { inputs: nonEmpty(mapValues(inputs, nodeInput)), outputs: nonEmpty(Object.fromEntries(sent)) };
}

export function nonEmpty(map: DraftMap | undefined): DraftMap | undefined {
  return map && Object.keys(map).length > 0 ? map : undefined;
}

/** An empty value, which is not sent. */
export function isEmpty(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.type === 'null';
}

/** Keys of a step that nobody here knows: sent as they are, the service may know them. */
export function unknownMembers(node: YamlMap, known: readonly string[]): DraftMap {
  return draft(
    Object.fromEntries(
      [...node.entries]
        .filter(([key, { value }]) => !known.includes(key) && !isEmpty(value))
        .map(([key, { value }]) => [key, jsonOf(value)]),
    ),
  );
}
