import type { Restrictions } from '../task/definition.ts';
import type { Command } from './parse.ts';

/** What a task in restricted mode may still say. */
const IN_RESTRICTED_MODE = new Set([
  'task.logdetail',
  'task.logissue',
  'task.issue',
  'task.complete',
  'task.setprogress',
  'task.setsecret',
  'task.setvariable',
  'task.debug',
  'task.settaskvariable',
  'task.prependpath',
  'telemetry.publish',
]);

/** undefined when the command may be carried out, else the sentence that says why not. */
export function allows(command: Command, restrictions: Restrictions): string | undefined {
  const name = `${command.area}.${command.event}`;
  if (restrictions.mode === 'restricted' && !IN_RESTRICTED_MODE.has(name)) {
    return `The logging command '${name}' is ignored: this task restricts itself.`;
  }
  const variable = settableName(name, command);
  if (variable === undefined || restrictions.settableVariables === undefined) return undefined;
  if (restrictions.settableVariables.some((pattern) => globMatches(pattern, variable))) return undefined;
  return `Setting '${variable}' is ignored: it is not among the variables this task may set.`;
}

function settableName(name: string, command: Command): string | undefined {
  if (name === 'task.prependpath') return 'PATH';
  return name === 'task.setvariable' ? command.properties.get('variable') : undefined;
}

function globMatches(pattern: string, name: string): boolean {
  const source = pattern.replace(/[.*+?^${}()|[\]\\]/g, (mark) => {
    if (mark === '*') return '.*';
    return mark === '?' ? '.' : `\\${mark}`;
  });
  return new RegExp(`^${source}$`, 'is').test(name);
}
