import { Problem } from '../../../../../shared/problem/index.ts';
import { literalText, mapRecord, optional, recordOf, textOf } from '../json.ts';
import type { Json } from '../records/index.ts';
import type { Assets } from '../references/index.ts';
import type { JobInput } from '../specification.ts';
import { bindingsIn } from './bindings.ts';
import { assetType, componentOf, componentOutputs, defaultsOf, primitiveOutputs } from './component.ts';
import { controlBindings, readControl } from './control/control.ts';
import type { PipelineStep, StepOutput } from './model.ts';

/** Steps of these types carry what they do in themselves. */
const WITHOUT_COMPONENT = ['automl', 'import', 'data_transfer', 'spark'];

/** Reads one node of a pipeline. */
export function readStep(name: string, node: Json, assets: Assets): PipelineStep {
  const type = (textOf(node['type']) ?? 'command').toLowerCase();
  const control = readControl(name, type, node);
  const component = control ? {} : componentFor(name, type, node, assets);
  const inputs = { ...defaultsOf(component['inputs']), ...stepInputs(node['inputs'], component) };
  const outputs = { ...componentOutputs(component['outputs']), ...stepOutputs(node['outputs'], component) };
  const values = Object.values(inputs).flatMap((input) => input.value ?? input.uri ?? []);
  const after = [...values.flatMap(bindingsIn), ...(control ? controlBindings(control) : [])].flatMap(
    (binding) => (binding.kind === 'step-output' ? binding.step : []),
  );
  return {
    name,
    type,
    node,
    component,
    inputs,
    outputs,
    primitives: primitiveOutputs(component),
    after: [...new Set(after)],
    ...optional('control', control),
  };
}

function componentFor(name: string, type: string, node: Json, assets: Assets): Json {
  const trial = recordOf(node['trial']);
  const id = textOf(node['componentId']) ?? textOf(trial['componentId']) ?? textOf(node['trial']);
  if (id !== undefined) return componentOf(id, assets);
  if (WITHOUT_COMPONENT.includes(type)) return {};
  throw new Problem({ code: 'input', message: `The pipeline step '${name}' has no component.` });
}

/** Steps write members in snake case; a bare value is a literal, the address of an asset, or a binding. */
function stepInputs(inputs: unknown, component: Json): Record<string, JobInput> {
  const declared = mapRecord(component['inputs'], (input) => assetType(input['type']));
  return Object.fromEntries(
    Object.entries(recordOf(inputs)).map(([name, value]) => [name, stepInput(value, declared[name])]),
  );
}

/** One input of a step, as a loop's items give it too. */
export function stepInput(value: unknown, declared: string | undefined): JobInput {
  const input = recordOf(value);
  const text = literalText(input['value']) ?? (typeof value === 'object' ? undefined : literalText(value));
  const given = assetType(input['job_input_type']);
  const type = given ?? declared ?? 'literal';
  const uri = textOf(input['uri']) ?? textOf(input['path']) ?? (type === 'literal' ? undefined : text);
  return {
    type,
    ...optional('value', type === 'literal' ? text : undefined),
    ...optional('uri', uri),
    ...optional('mode', textOf(input['mode'])),
  };
}

function stepOutputs(outputs: unknown, component: Json): Record<string, StepOutput> {
  const declared = componentOutputs(component['outputs']);
  const entries = Object.entries(recordOf(outputs)).map(([name, value]) => {
    const output = recordOf(value);
    const binding = literalText(output['value']) ?? (typeof value === 'string' ? value : undefined);
    return [
      name,
      {
        type: textOf(output['job_output_type'])?.toLowerCase() ?? declared[name]?.type ?? 'uri_folder',
        ...optional('uri', textOf(output['uri']) ?? textOf(output['path'])),
        ...optional('mode', textOf(output['mode']) ?? declared[name]?.mode),
        ...optional('assetName', textOf(output['asset_name']) ?? textOf(output['name'])),
        ...optional('assetVersion', textOf(output['asset_version']) ?? textOf(output['version'])),
        ...optional('binding', binding),
        ...(output['own_address'] === true ? { ownAddress: true as const } : {}),
      },
    ] as const;
  });
  return Object.fromEntries(entries);
}
