import type { Place, TaskStepPlan, Text } from '../plan.ts';
import { readCondition } from './conditions.ts';
import { Fields } from './fields.ts';
import type { ReadingDesk } from './templates.ts';

/** Keys every kind of step may have. */
export const COMMON_KEYS = [
  'condition',
  'continueOnError',
  'displayName',
  'target',
  'enabled',
  'env',
  'name',
  'timeoutInMinutes',
  'retryCountOnTaskFailure',
];
/** What steps of all kinds share. */
export type StepCommon = Omit<TaskStepPlan, 'kind' | 'task' | 'inputs'>;

export function readCommon(desk: ReadingDesk, fields: Fields): StepCommon {
  checkTarget(desk, fields);
  const name = fields.text('name');
  if (name && !/^[A-Za-z0-9_]+$/.test(name.text)) {
    desk.findings.wrong(
      name.place,
      `'${name.text}' cannot name a step: only letters, digits and _ are allowed.`,
    );
  }
  return {
    name: name?.text,
    displayName: fields.text('displayName'),
    condition: readCondition(desk, fields, 'step'),
    continueOnError: fields.boolean('continueOnError', false),
    enabled: fields.boolean('enabled', true),
    timeoutInMinutes: fields.number('timeoutInMinutes', 0),
    retryCountOnTaskFailure: fields.number('retryCountOnTaskFailure', 0),
    env: fields.textMap('env'),
    place: fields.place,
  };
}

/** `target: host` is where every step runs anyway. */
function checkTarget(desk: ReadingDesk, fields: Fields): void {
  const bound = fields.get('target');
  if (!bound) return;
  const part = desk.expander.resolve(bound);
  if (part.node.kind === 'scalar')
    return checkContainer(desk, { text: part.node.text, place: part.node.place });
  const target = new Fields(desk, part, "'target'").allow(['container', 'commands', 'settableVariables']);
  target.refuse({ settableVariables: '' });
  checkContainer(desk, target.text('container'));
  const commands = target.text('commands');
  if (commands && commands.text !== 'any')
    desk.findings.unsupported(commands.place, `'commands: ${commands.text}'`);
}

function checkContainer(desk: ReadingDesk, container: Text | undefined): void {
  if (container && container.text !== 'host')
    desk.findings.unsupported(container.place, `Running a step in the container '${container.text}'`);
}

/** A step the service adds by itself. */
export function impliedStep(place: Place): StepCommon {
  return {
    name: undefined,
    displayName: undefined,
    condition: undefined,
    continueOnError: false,
    enabled: true,
    timeoutInMinutes: 0,
    retryCountOnTaskFailure: 0,
    env: new Map(),
    place,
  };
}
