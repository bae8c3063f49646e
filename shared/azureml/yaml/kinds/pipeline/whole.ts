import type { DraftMap } from '../../compilation.ts';
import type { YamlMap, YamlNode } from '../../document/node.ts';
import { draft, isDraftMap, mapValues } from '../../draft.ts';
import type { Scope } from '../../fields/scope.ts';
import { EMPTY, outputMode, outputType, restOutput } from '../job/outputs.ts';
import type { ComponentShelf, StepComponent } from './components.ts';
import { requiredOf } from './givenPorts.ts';

/** The component that is a job's whole pipeline. */
export function wholePipeline(
  node: YamlNode,
  scope: Scope,
  shelf: ComponentShelf,
): StepComponent | undefined {
  const component = shelf.read(node, scope);
  if (component?.kind !== 'local' || component.type === 'pipeline') return component;
  return scope.refuse(
    node.at,
    `A pipeline runs a pipeline component, not one of the type '${component.type}'.`,
  );
}

/** The words a component has for people, where the job has none of its own. */
export function wordsOf(component: StepComponent | undefined): {
  description?: string;
  display_name?: string;
} {
  if (component?.kind !== 'local') return {};
  const { description, display_name: name } = component.reading.spec;
  return {
    ...(typeof description === 'string' ? { description } : {}),
    ...(typeof name === 'string' ? { display_name: name } : {}),
  };
}

/** Steps inside a local component for which no compute is named. */
export function lackingIn(component: StepComponent | undefined): readonly string[] {
  return component?.kind === 'local' ? (component.reading.lacking ?? []) : [];
}

/** The inputs of the component: those given, else their defaults; what it does not declare is not sent. */
export function wholeInputs(
  given: DraftMap,
  component: StepComponent,
  { node, scope }: { node: YamlMap; scope: Scope },
): DraftMap {
  const declared = component.kind === 'local' ? component.reading.spec['inputs'] : undefined;
  if (component.kind === 'remote') return given;
  const ports = isDraftMap(declared) ? declared : {};
  for (const name of requiredOf(ports)) {
    if (!(name in given)) scope.refuse(node.at, `The pipeline needs the input '${name}' of its component.`);
  }
  const defaults = mapValues(ports, (port) => {
    const value = isDraftMap(port) ? port['default'] : undefined;
    return value === undefined || value === '' ? undefined : { jobInputType: 'literal', value };
  });
  const known = Object.entries(given).filter(([name]) => name in ports);
  return { ...draft(defaults), ...Object.fromEntries(known) };
}

/** What a local component gives out. */
export function wholeOutputs(component: StepComponent | undefined): DraftMap {
  const outputs = component?.kind === 'local' ? component.reading.spec['outputs'] : undefined;
  if (!isDraftMap(outputs)) return {};
  return mapValues(outputs, (port) =>
    isDraftMap(port)
      ? restOutput({ ...EMPTY, type: outputType(port['type']), mode: outputMode(port['mode']) })
      : {},
  );
}
