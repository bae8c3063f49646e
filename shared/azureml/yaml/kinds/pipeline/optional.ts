import type { DraftMap } from '../../compilation.ts';
import type { YamlMap } from '../../document/node.ts';
import { isDraftMap } from '../../draft.ts';
import type { Scope } from '../../fields/scope.ts';
import type { JobInput } from '../job/inputs.ts';

/** What a step gives a component of its own file or another: which of that one's inputs are optional is known then. */
export interface InputUse {
  readonly step: string;
  readonly inputs: Readonly<Record<string, JobInput>>;
  readonly declared: DraftMap;
}

/**
 * An input of a pipeline component that only optional inputs of steps use is optional itself; step by step, as the
 * reference client goes, whose later steps overrule earlier ones. One called optional may not be bound to a required one.
 */
export function inferOptional(
  inputs: DraftMap,
  uses: readonly InputUse[],
  { node, scope }: { node: YamlMap; scope: Scope },
): DraftMap {
  const inferred = new Map<string, boolean>();
  for (const use of uses) {
    for (const [name, required] of requiredUses(use)) {
      const port = inputs[name];
      if (!isDraftMap(port)) continue;
      if (port['optional'] === undefined) inferred.set(name, !required);
      else if (port['optional'] === true && required) {
        scope.refuse(node.at, `The input '${name}' is optional, but the step '${use.step}' needs it.`);
      }
    }
  }
  return Object.fromEntries(
    Object.entries(inputs).map(([name, port]) =>
      inferred.get(name) && isDraftMap(port) ? [name, { ...port, optional: true }] : [name, port],
    ),
  );
}

/** The inputs of the pipeline that a step uses, and whether any of the uses is required. */
function requiredUses({ inputs, declared }: InputUse): Map<string, boolean> {
  const uses = new Map<string, boolean>();
  for (const [own, input] of Object.entries(inputs)) {
    if (input.kind === 'asset') continue;
    for (const [whole, name = ''] of input.value.matchAll(/\$\{\{\s*parent\.inputs\.([^}\s]+?)\s*\}\}/g)) {
      const port = declared[own];
      const isOptional = isDraftMap(port) ? port['optional'] === true : true;
      const isPart = input.value !== whole && own === name;
      uses.set(name, (uses.get(name) ?? false) || !(isOptional || isPart));
    }
  }
  return uses;
}
