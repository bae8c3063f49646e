import type { ScriptStepPlan, TaskStepPlan, Text } from '../../plan.ts';
import type { Desk } from './desk.ts';
import type { Json } from './json.ts';

type Common = Omit<TaskStepPlan, 'kind' | 'task' | 'inputs'>;
type Inputs = ReadonlyMap<string, Text>;

/** The service's own script tasks, by their published ids: in a definition there is no other way to write a script. */
export const BUILT_IN_SCRIPTS: ReadonlyMap<string, ScriptStepPlan['shell']> = new Map([
  ['6c731c3c-3c68-459a-a5c9-bde6e6595b5b', 'bash'],
  ['d9bafed4-0b18-4f58-968d-86655b4d2ce9', 'script'],
  ['e213ff0f-5d5c-4791-802d-52ea3e7be1f1', 'pwsh'],
]);

/** Bash@3, CmdLine@1 and 2, PowerShell@1 and 2 as steps of the agent's own kind. */
export function scriptStep(
  id: string,
  inputs: Inputs,
  common: Common,
  json: Json,
  desk: Desk,
): ScriptStepPlan | undefined {
  const shell = BUILT_IN_SCRIPTS.get(id)!;
  const value = (...names: readonly string[]): Text | undefined =>
    names.map((name) => inputs.get(name)).find((text) => text && text.text !== '');
  const script = scriptIn(shell, value, json.get('inputs').place);
  if (!script) {
    desk.findings.wrong(json.get('inputs').place, 'The script is empty.', 'Write it into the task.');
    return undefined;
  }
  const failOnStderr = value('failOnStderr', 'failOnStandardError')?.text.toLowerCase() === 'true';
  const workingDirectory = value('workingDirectory', 'workingFolder', 'cwd');
  return { kind: 'script', ...common, shell, script, workingDirectory, failOnStderr };
}

type Value = (...names: readonly string[]) => Text | undefined;

/** A script in a file is called with its arguments. */
function scriptIn(shell: ScriptStepPlan['shell'], value: Value, place: Text['place']): Text | undefined {
  const type = value('targetType', 'scriptType')?.text.toLowerCase() ?? '';
  const file = value('filePath', 'scriptName', 'filename');
  const inline = value('script', 'inlineScript');
  const isFile = type === '' ? !inline : type.startsWith('file');
  if (!isFile) return inline;
  if (!file) return undefined;
  const call = { bash: 'bash ', script: '', pwsh: '& ' }[shell];
  return { text: `${call}"${file.text}" ${value('arguments')?.text ?? ''}`.trimEnd(), place };
}
