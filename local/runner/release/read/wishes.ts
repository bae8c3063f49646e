import path from 'node:path';
import { environmentName } from '../../agent/variables/variables.ts';
import type { ScriptStepPlan, TaskStepPlan, Text } from '../../plan.ts';
import type { Desk } from './desk.ts';
import type { Json } from './json.ts';
import { UNSUPPORTED } from './readWishes.ts';

/** Whether somebody asked for a release without this task; the record tells. */
export function isLeftOut(task: Json, desk: Desk): boolean {
  return nameIn(desk.supplies.wishes.leaveOut, task, desk) !== undefined && leave(task, desk);
}

/** The same for a task that nothing here runs. */
export function isLeftOutAsUnsupported(task: Json, desk: Desk): boolean {
  const { leaveOut, met } = desk.supplies.wishes;
  met.add(UNSUPPORTED);
  return leaveOut.has(UNSUPPORTED) && leave(task, desk);
}

function leave(task: Json, { notes }: Desk): true {
  const note = `The task '${task.get('name').text()}' was left out, as asked for.`;
  if (!notes.includes(note)) notes.push(note);
  return true;
}

/** The script that somebody gave in place of this task. */
export function standInFor(task: Json, desk: Desk): string | undefined {
  const { standIns } = desk.supplies.wishes;
  const name = nameIn(standIns, task, desk);
  return name === undefined ? undefined : standIns.get(name);
}

function nameIn(known: { has(name: string): boolean }, task: Json, { supplies }: Desk): string | undefined {
  const names = ['name', 'taskId'].map((member) => task.get(member).text().toLowerCase());
  const name = names.find((one) => one !== '' && known.has(one));
  if (name !== undefined) supplies.wishes.met.add(name);
  return name;
}

type Common = Omit<TaskStepPlan, 'kind' | 'task' | 'inputs'>;

/** A script in place of a task: it sees the task's inputs under the names that tasks see. */
export function standInStep(
  script: string,
  inputs: ReadonlyMap<string, Text>,
  common: Common,
  { notes }: Desk,
): ScriptStepPlan {
  const name = common.displayName?.text ?? '';
  notes.push(`'${path.basename(script)}' ran in place of the task '${name}', as asked for.`);
  const given = [...inputs].map(([input, value]) => [`INPUT_${environmentName(input)}`, value] as const);
  return {
    ...{ kind: 'script', ...common, workingDirectory: undefined, failOnStderr: false },
    shell: shellOf(script),
    script: { text: callOf(script), place: common.place },
    env: new Map([...given, ...common.env]),
  };
}

function shellOf(script: string): ScriptStepPlan['shell'] {
  const ending = path.extname(script).toLowerCase();
  if (ending === '.ps1') return 'pwsh';
  return ['.cmd', '.bat'].includes(ending) ? 'script' : 'bash';
}

function callOf(script: string): string {
  const shell = shellOf(script);
  if (shell === 'pwsh') return `& '${script.replaceAll("'", "''")}'`;
  if (shell === 'script') return `call "${script}"`;
  const quoted = `'${script.replaceAll("'", String.raw`'\''`)}'`;
  if (path.extname(script).toLowerCase() !== '.py') return `bash ${quoted}`;
  return `"$(command -v python || command -v python3)" ${quoted}`;
}
