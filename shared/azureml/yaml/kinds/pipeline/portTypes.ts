import type { Draft, DraftMap } from '../../compilation.ts';
import type { YamlMap, YamlNode } from '../../document/node.ts';
import { draft, isDraftMap, mapValues } from '../../draft.ts';
import type { Scope } from '../../fields/scope.ts';
import { checkPath, type JobInput } from '../job/inputs.ts';
import { isOutputBinding, type JobOutput } from '../job/outputs.ts';
import type { StepComponent } from './components.ts';

/** What a step's outputs are known by before any step is compiled. */
export type StepOutputs = Readonly<Record<string, Draft | undefined>> | 'unknown';

/** Types of inputs and outputs that flow between the pipeline and its steps; steps with commands declare theirs so. */
export class PortTypes {
  readonly #inputs: Readonly<Record<string, DraftMap>>;
  readonly #outputs: Readonly<Record<string, JobOutput>>;
  readonly #steps: ReadonlyMap<string, StepOutputs>;

  constructor(
    inputs: Readonly<Record<string, DraftMap>>,
    outputs: Readonly<Record<string, JobOutput>>,
    steps: ReadonlyMap<string, StepOutputs>,
  ) {
    this.#inputs = inputs;
    this.#outputs = outputs;
    this.#steps = steps;
  }

  /** The inputs a component made of a step declares. */
  inputsOf(inputs: Readonly<Record<string, JobInput>>, step: YamlMap, scope: Scope): DraftMap {
    const node = step.entries.get('inputs')?.value;
    const declared = Object.entries(inputs).map(([name, input]) => {
      const at = node?.kind === 'map' ? (node.entries.get(name)?.value ?? node) : step;
      checkPath(name, input, { at: at.at, scope });
      return [name, this.#inputOf(input, at, scope)] as const;
    });
    return Object.fromEntries(declared);
  }

  #inputOf(input: JobInput, node: YamlNode, scope: Scope): DraftMap {
    if (input.kind !== 'literal') return draft({ type: input.type, mode: input.mode });
    const binding = /^\$\{\{\s*parent\.(inputs|jobs)\.([^}]*?)\s*\}\}$/.exec(input.value.trim());
    if (!binding) return { type: input.type, default: input.value };
    const [, kind, path = ''] = binding;
    return (
      (kind === 'inputs' ? this.#parentInput(path) : this.#stepOutput(path)) ??
      this.#lost(input.value, node, scope)
    );
  }

  #parentInput(name: string): DraftMap | undefined {
    return this.#inputs[name];
  }

  #stepOutput(path: string): DraftMap | undefined {
    const [step = '', outputs, name = ''] = path.split('.');
    const known = this.#steps.get(step);
    if (outputs !== 'outputs' || known === undefined || known === 'unknown') return undefined;
    const type = known[name];
    return type === undefined ? undefined : { type };
  }

  #lost(binding: string, node: YamlNode, scope: Scope): DraftMap {
    scope.refuse(
      node.at,
      `The type of '${binding}' is not known here: there is no such input or output, or its component is registered.`,
      'Check the names, or write the input as a mapping with type and path.',
    );
    return {};
  }

  /** The outputs a component made of a step declares. */
  outputsOf(outputs: Readonly<Record<string, JobOutput | null>>, step: YamlMap, scope: Scope): DraftMap {
    const node = step.entries.get('outputs')?.value;
    const declared = Object.entries(outputs).map(([name, output]) => {
      const at = node?.kind === 'map' ? (node.entries.get(name)?.value ?? node) : step;
      return [name, this.#outputOf(output, at, scope)] as const;
    });
    return Object.fromEntries(declared);
  }

  #outputOf(output: JobOutput | null, node: YamlNode, scope: Scope): DraftMap {
    if (output === null) return { type: 'uri_folder' };
    const name = isShortBinding(output) ? nameIn(output.path ?? '') : undefined;
    const bound = name === undefined ? output : this.#outputs[name];
    if (!bound) scope.refuse(node.at, `The pipeline has no output for '${output?.path}'.`);
    return draft({ type: bound?.type ?? 'uri_folder', mode: bound?.mode });
  }
}

/** An output that only says which output of the pipeline it is. */
function isShortBinding(output: JobOutput): boolean {
  return (
    output.path !== undefined && isOutputBinding(output.path) && output.mode === undefined && !output.type
  );
}

function nameIn(binding: string): string {
  return /parent\.outputs\.([^}\s]*)/.exec(binding)?.[1] ?? '';
}

/** The outputs of a step that runs a component. */
export function outputsOfComponent(component: StepComponent | undefined): StepOutputs {
  if (component?.kind !== 'local') return 'unknown';
  const { outputs } = component.reading.spec;
  if (!isDraftMap(outputs)) return {};
  return mapValues(outputs, (port) => (isDraftMap(port) ? port['type'] : undefined));
}

/** Types and modes of a pipeline job's inputs, which its steps may read. */
export function typesOfInputs(inputs: Readonly<Record<string, JobInput>>): Record<string, DraftMap> {
  return mapValues(inputs, (input) =>
    input.kind === 'literal' ? { type: input.type } : draft({ type: input.type, mode: input.mode }),
  );
}

/** The same of a pipeline component's, which are declared. */
export function typesOfPorts(ports: DraftMap): Record<string, DraftMap> {
  return mapValues(ports, (port) =>
    isDraftMap(port) ? draft({ type: port['type'], mode: port['mode'] }) : {},
  );
}
