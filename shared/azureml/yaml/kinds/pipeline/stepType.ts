import type { YamlMap } from '../../document/node.ts';
import { oneOf } from '../../fields/basic.ts';
import type { Scope } from '../../fields/scope.ts';
import type { ComponentType } from './components.ts';

/** The type of component that each type of step runs; AutoML runs none. */
export const STEP_COMPONENTS = {
  command: 'command',
  sweep: 'command',
  parallel: 'parallel',
  pipeline: 'pipeline',
  automl: undefined,
  spark: 'spark',
  data_transfer: 'data_transfer',
} as const satisfies Readonly<Record<string, ComponentType | undefined>>;
export type StepType = keyof typeof STEP_COMPONENTS;

const TYPES = Object.keys(STEP_COMPONENTS).filter((type): type is StepType => type in STEP_COMPONENTS);

const PRIVATE_PREVIEW =
  'The reference client reads them from a file in its private preview alone, and the API does not document them.';

/** Types the reference client knows of, and why a file with them is refused. */
const REFUSED: Readonly<Record<string, string>> = {
  import: 'The reference client cannot send it either; use a data_transfer step with the task import_data.',
  if_else: PRIVATE_PREVIEW,
  do_while: PRIVATE_PREVIEW,
  parallel_for: PRIVATE_PREVIEW,
};

/** Members that only one type of step has, for steps that do not say their type; the order is the reference client's. */
const TELLING_KEYS: readonly (readonly [string, StepType])[] = [
  ['component', 'command'],
  ['command', 'command'],
  ['trial', 'sweep'],
  ['input_data', 'parallel'],
  ['training_data', 'automl'],
  ['entry', 'spark'],
];

/** The type of a step: from `type`, else from members that only one type has, else a command. */
export function chooseType(node: YamlMap, scope: Scope): StepType | undefined {
  const word = node.entries.get('type')?.value;
  if (!word) return TELLING_KEYS.find(([key]) => node.entries.has(key))?.[1] ?? 'command';
  const text = word.kind === 'scalar' ? word.text : '';
  const reason = Object.hasOwn(REFUSED, text) ? REFUSED[text] : undefined;
  if (reason !== undefined) {
    return scope.unsupported(word.at, `Steps of the type '${text}' are not offered. ${reason}`);
  }
  return oneOf(TYPES).read(word, scope.member('type'));
}
