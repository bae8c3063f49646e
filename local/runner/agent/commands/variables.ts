import type { StepState } from '../state.ts';
import type { VariableFlags } from '../variables/variables.ts';
import { flag, refuse, required, type CommandHandler } from './read.ts';

/** `task.setvariable`: an output when asked for or declared in task.json, else a variable of the job. */
export const setVariable: CommandHandler = (command, step) => {
  const name = required(command, 'variable');
  const { data } = command;
  const isSecret = flag(command, 'isSecret');
  checkReadOnly(name, step);
  if (isSecret) hideSecret(data, step);
  const isOutput = flag(command, 'isOutput') || step.declaredOutputs.has(name.toLowerCase());
  const isReadOnly = flag(command, 'isReadOnly') || flag(command, 'isOutput');
  const flags = { isSecret, isReadOnly, preserveCase: flag(command, 'preserveCase') };
  if (!isOutput) {
    setHidden(name, data, flags, step);
    return;
  }
  if (step.refName === '')
    throw refuse(`The output '${name}' needs a reference name: give the step a 'name'.`);
  const full = `${step.refName}.${name}`;
  step.sink.output(name, data, setHidden(full, data, flags, step));
};

/** A variable that was secret before stays one, so its new value is masked too. */
function setHidden(name: string, value: string, flags: VariableFlags, step: StepState): boolean {
  step.job.variables.set(name, value, flags);
  const isSecret = step.job.variables.find(name)?.isSecret === true;
  if (isSecret) step.job.masker.add(value);
  return isSecret;
}

/** A variable for the pre, main and post part of this task alone. */
export const setTaskVariable: CommandHandler = (command, step) => {
  const name = required(command, 'variable');
  const isSecret = flag(command, 'isSecret');
  if (step.taskVariables.find(name)?.isReadOnly) throw refuse(`The task variable '${name}' is read-only.`);
  if (isSecret) hideSecret(command.data, step);
  step.taskVariables.set(name, command.data, {
    isSecret,
    isReadOnly: flag(command, 'isReadOnly'),
    preserveCase: flag(command, 'preserveCase'),
  });
};

/** Masks the text from now on, as one literal: the lines of a longer text must be registered one by one. */
export const setSecret: CommandHandler = (command, step) => {
  if (command.data.trim() !== '') step.job.masker.add(command.data);
};

export const prependPath: CommandHandler = (command, step) => {
  if (command.data.trim() === '') throw refuse('The command carries no folder.');
  const same = (other: string): boolean => other.toLowerCase() === command.data.toLowerCase();
  step.job.prependedPaths = [...step.job.prependedPaths.filter((one) => !same(one)), command.data];
};

function hideSecret(value: string, step: StepState): void {
  const allowed = step.job.variables.get('SYSTEM_UNSAFEALLOWMULTILINESECRET')?.toLowerCase() === 'true';
  if (/[\r\n]/.test(value) && !allowed) throw refuse('A secret must not hold a line break.');
  step.job.masker.add(value);
}

/** Writing over a read-only name is only a warning, unless the pipeline asks for strictness. */
function checkReadOnly(name: string, step: StepState): void {
  if (!step.job.variables.find(name)?.isReadOnly) return;
  const message = `The variable '${name}' is read-only.`;
  if (step.job.variables.get('agent.readOnlyVariables')?.toLowerCase() === 'true') throw refuse(message);
  step.sink.issue({ type: 'warning', message: `${message} It is overwritten all the same.` });
}
