import type { Draft, DraftMap } from '../../compilation.ts';
import type { YamlMap, YamlNode } from '../../document/node.ts';
import { isDraftMap } from '../../draft.ts';
import type { Scope } from '../../fields/scope.ts';
import { autoMLStep } from '../automl/step.ts';
import type { JobOutput } from '../job/outputs.ts';
import { inlineParallelStep, parallelStep } from '../parallel/step.ts';
import { inlineSparkStep, sparkStep } from '../spark/step.ts';
import { inlineTransferStep, transferStep } from '../transfer/step.ts';
import { componentStep, nestedStep } from './componentStep.ts';
import type { ComponentShelf, StepComponent } from './components.ts';
import { declaredOnly } from './givenPorts.ts';
import { inlineStep } from './inlineStep.ts';
import type { InputUse } from './optional.ts';
import { outputsOfComponent, PortTypes, type StepOutputs } from './portTypes.ts';
import { stepInputs, stepOutput } from './step.ts';
import { chooseType, STEP_COMPONENTS, type StepType } from './stepType.ts';
import { sweepStep } from './sweepStep.ts';

interface Step {
  readonly name: string;
  readonly node: YamlMap;
  readonly scope: Scope;
  readonly type: StepType;
  /** Undefined where the step says itself what to run. */
  readonly component: StepComponent | undefined;
}

/** What the steps of a pipeline have come to. */
export interface Steps {
  readonly nodes: DraftMap;
  /** Paths of steps for which no compute is named, also inside local pipeline components. */
  readonly lacking: readonly string[];
  /** What the steps give their local components, in order. */
  readonly uses: readonly InputUse[];
}

export const NO_STEPS: Steps = { nodes: {}, lacking: [], uses: [] };

interface Parent {
  /** Types and modes of the pipeline's inputs. */
  readonly inputs: Readonly<Record<string, DraftMap>>;
  readonly outputs: Readonly<Record<string, JobOutput>>;
  readonly shelf: ComponentShelf;
}

/** The steps of a pipeline as the service wants them; components are read first, since steps look at each other's outputs. */
export function pipelineSteps(jobs: YamlMap, scope: Scope, { inputs, outputs, shelf }: Parent): Steps {
  const steps = [...jobs.entries].flatMap(([name, { key, value }]) => {
    checkName(name, key, scope);
    return openStep(name, value, { scope: scope.member(name), shelf }) ?? [];
  });
  const types = new PortTypes(inputs, outputs, new Map(steps.map((step) => [step.name, outputsOf(step)])));
  const compiled = steps.map((step): [string, Draft | undefined] => [step.name, compileStep(step, types)]);
  return {
    nodes: Object.fromEntries(compiled.flatMap(([name, body]) => (body === undefined ? [] : [[name, body]]))),
    lacking: steps.flatMap(lackingOf),
    uses: steps.flatMap(useOf),
  };
}

function checkName(name: string, key: YamlNode, scope: Scope): void {
  if (/^[a-z_][a-z0-9_]*$/.test(name)) return;
  scope.refuse(
    key.at,
    `The step name '${name}' may hold only small letters, digits and underscores, and does not start with a digit.`,
  );
}

function openStep(
  name: string,
  node: YamlNode,
  { scope, shelf }: { scope: Scope; shelf: ComponentShelf },
): Step | undefined {
  if (node.kind !== 'map') return scope.unexpected(node, 'a step: a mapping with a command or a component');
  const given = chooseType(node, scope);
  if (given === undefined) return undefined;
  const key = given === 'sweep' ? 'trial' : 'component';
  const source = given === 'automl' ? undefined : node.entries.get(key)?.value;
  if (!source) return withoutComponent(name, node, { type: given, scope });
  const component = shelf.read(source, scope.member(key));
  if (!component) return undefined;
  const isLocal = component.kind === 'local';
  const type = isLocal && !node.entries.has('type') && given === 'command' ? component.type : given;
  const fitting = STEP_COMPONENTS[type];
  if (isLocal && component.type !== fitting) {
    const message = `A step of the type '${type}' runs ${fitting} components; this one is of the type '${component.type}'.`;
    return scope.refuse(source.at, message);
  }
  return { name, node, scope, type, component };
}

function withoutComponent(
  name: string,
  node: YamlMap,
  { type, scope }: { type: StepType; scope: Scope },
): Step | undefined {
  if (type === 'sweep')
    return scope.refuse(node.at, `The step '${name}' needs a 'trial', the component to sweep.`);
  if (type === 'pipeline') return scope.refuse(node.at, `The step '${name}' needs a 'component'.`);
  return { name, node, scope, type, component: undefined };
}

/** What a step's outputs are called and typed, as far as this file says. */
function outputsOf(step: Step): StepOutputs {
  if (step.component) return outputsOfComponent(step.component);
  const outputs = step.node.entries.get('outputs')?.value;
  if (outputs?.kind !== 'map') return {};
  const scope = step.scope.apart();
  return Object.fromEntries(
    [...outputs.entries].map(([name, { value }]) => {
      // The reference client takes all that AutoML gives out for tables.
      if (step.type === 'automl') return [name, 'mltable'];
      return [name, stepOutput.read(value, scope)?.type ?? 'uri_folder'];
    }),
  );
}

const WITH_COMPONENT = {
  command: componentStep,
  sweep: sweepStep,
  parallel: parallelStep,
  pipeline: nestedStep,
  spark: sparkStep,
  data_transfer: transferStep,
} as const;

function compileStep(step: Step, types: PortTypes): DraftMap | undefined {
  const { name, node, scope, component, type } = step;
  if (type === 'automl') return autoMLStep(name, node, scope);
  if (component) return WITH_COMPONENT[type](name, node, { component, scope });
  if (type === 'parallel') return inlineParallelStep(name, node, scope, types);
  if (type === 'spark') return inlineSparkStep(name, node, scope, types);
  if (type === 'data_transfer') return inlineTransferStep(name, node, scope, types);
  return inlineStep(name, node, scope, types);
}

/** A step that names no compute; of a local pipeline component those inside count, of others the service knows. */
function lackingOf({ name, node, type, component }: Step): string[] {
  if (type === 'pipeline') {
    const inside = component?.kind === 'local' ? component.reading.lacking : undefined;
    return (inside ?? []).map((path) => `${name}.jobs.${path}`);
  }
  const isPlaced = node.entries.has('compute') || (type === 'spark' && node.entries.has('resources'));
  return isPlaced ? [] : [name];
}

function useOf({ name, node, scope, component }: Step): InputUse[] {
  if (component?.kind !== 'local') return [];
  const quiet = scope.apart();
  const inputs = stepInputs(node, quiet);
  const given = declaredOnly(inputs, component, { kind: 'inputs', node, scope: quiet });
  const declared = component.reading.spec['inputs'];
  return [{ step: name, inputs: given, declared: isDraftMap(declared) ? declared : {} }];
}
