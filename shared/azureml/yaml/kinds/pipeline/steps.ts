import type { Draft, DraftMap } from '../../compilation.ts';
import type { YamlMap, YamlNode } from '../../document/node.ts';
import { oneOf } from '../../fields/basic.ts';
import type { Scope } from '../../fields/scope.ts';
import type { JobInput } from '../job/inputs.ts';
import type { JobOutput } from '../job/outputs.ts';
import { componentStep } from './componentStep.ts';
import { ComponentShelf, type StepComponent } from './components.ts';
import { inlineStep } from './inlineStep.ts';
import { outputsOfComponent, PortTypes, type StepOutputs } from './portTypes.ts';
import { stepOutput } from './step.ts';
import { sweepStep } from './sweepStep.ts';

const TYPES = [
  'command',
  'sweep',
  'pipeline',
  'parallel',
  'automl',
  'spark',
  'import',
  'data_transfer',
] as const;
const LATER = ['parallel', 'automl', 'spark', 'import', 'data_transfer'];

type StepType = 'command' | 'sweep' | 'pipeline';

interface Step {
  readonly name: string;
  readonly node: YamlMap;
  readonly scope: Scope;
  readonly type: StepType;
  /** Undefined where the step has a command of its own. */
  readonly component: StepComponent | undefined;
  readonly isInline: boolean;
}

/** The steps of a pipeline as the service wants them; components are read first, since steps look at each other's outputs. */
export function pipelineSteps(
  jobs: YamlMap,
  scope: Scope,
  ports: { inputs: Readonly<Record<string, JobInput>>; outputs: Readonly<Record<string, JobOutput>> },
): DraftMap {
  const shelf = new ComponentShelf();
  const steps = [...jobs.entries].flatMap(([name, { key, value }]) => {
    checkName(name, key, scope);
    return openStep(name, value, { scope: scope.member(name), shelf }) ?? [];
  });
  const types = new PortTypes(
    ports.inputs,
    ports.outputs,
    new Map(steps.map((step) => [step.name, outputsOf(step)])),
  );
  const compiled = steps.map((step): [string, Draft | undefined] => [step.name, compileStep(step, types)]);
  return Object.fromEntries(compiled.flatMap(([name, body]) => (body === undefined ? [] : [[name, body]])));
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
  const typeNode = node.entries.get('type')?.value;
  const type = typeNode ? oneOf(TYPES).read(typeNode, scope.member('type')) : 'command';
  if (type === undefined) return undefined;
  if (LATER.includes(type)) {
    return scope.unsupported(
      node.at,
      `The step '${name}' has the type '${type}', which is not offered for now.`,
    );
  }
  const key = type === 'sweep' ? 'trial' : 'component';
  const source = node.entries.get(key)?.value;
  if (type === 'sweep' && !source)
    return scope.refuse(node.at, `The step '${name}' needs a 'trial', the component to sweep.`);
  if (type === 'pipeline' && !source) return scope.refuse(node.at, `The step '${name}' needs a 'component'.`);
  const component = source && shelf.read(source, scope.member(key));
  if (source && !component) return undefined;
  return { name, node, scope, type: isStepType(type) ? type : 'command', component, isInline: !source };
}

function isStepType(type: string): type is StepType {
  return type === 'command' || type === 'sweep' || type === 'pipeline';
}

/** What a step's outputs are called and typed, as far as this file says. */
function outputsOf(step: Step): StepOutputs {
  if (!step.isInline) return outputsOfComponent(step.component);
  const outputs = step.node.entries.get('outputs')?.value;
  if (outputs?.kind !== 'map') return {};
  const scope = step.scope.apart();
  return Object.fromEntries(
    [...outputs.entries].map(([name, { value }]) => [
      name,
      stepOutput.read(value, scope)?.type ?? 'uri_folder',
    ]),
  );
}

function compileStep(step: Step, types: PortTypes): DraftMap | undefined {
  const { name, node, scope, component } = step;
  if (!component) return inlineStep(name, node, scope, types);
  if (step.type === 'sweep') return sweepStep(name, node, { component, scope });
  return componentStep(name, node, { component, scope, type: step.type });
}
