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
  ['6392f95f-7e76-4a18-b3c7-7f078d2f7700', 'bash'],
]);
const PYTHON = '6392f95f-7e76-4a18-b3c7-7f078d2f7700';

/** Bash@3, CmdLine@1 and 2, PowerShell@1 and 2 and PythonScript@0 as steps of the agent's own kind. */
export function scriptStep(
  id: string,
  inputs: Inputs,
  common: Common,
  json: Json,
  desk: Desk,
): ScriptStepPlan | undefined {
  if (id === PYTHON) return pythonStep(inputs, common, json, desk);
  const shell = BUILT_IN_SCRIPTS.get(id)!;
  const value = valueIn(inputs);
  const script = scriptIn(shell, value, json.get('inputs').place);
  if (!script) return common.enabled ? empty(json, desk) : undefined;
  const failOnStderr = value('failOnStderr', 'failOnStandardError')?.text.toLowerCase() === 'true';
  const workingDirectory = value('workingDirectory', 'workingFolder', 'cwd');
  return {
    ...{ kind: 'script', ...common, shell, script, workingDirectory, failOnStderr },
    ...(shell === 'pwsh' && preferencesIn(value)),
  };
}

type Value = (...names: readonly string[]) => Text | undefined;

function valueIn(inputs: Inputs): Value {
  return (...names) => names.map((name) => inputs.get(name)).find((text) => text && text.text !== '');
}

function empty(json: Json, { findings }: Desk): undefined {
  findings.wrong(json.get('inputs').place, 'The script is empty.', 'Write it into the task.');
  return undefined;
}

const PREFERENCES = ['stop', 'continue', 'silentlyContinue'] as const;

/** What only PowerShell has. */
function preferencesIn(value: Value): Pick<ScriptStepPlan, 'errorActionPreference' | 'ignoreLastExitCode'> {
  const word = value('errorActionPreference')?.text.toLowerCase();
  const preference = PREFERENCES.find((known) => known.toLowerCase() === word);
  const isIgnored = value('ignoreLASTEXITCODE')?.text.toLowerCase() === 'true';
  return {
    ...(preference && { errorActionPreference: preference }),
    ...(isIgnored && { ignoreLastExitCode: true }),
  };
}

/** The Python on PATH, under whichever of its two names; what is written inline goes through a file of its own. */
function pythonStep(inputs: Inputs, common: Common, json: Json, desk: Desk): ScriptStepPlan | undefined {
  const value = valueIn(inputs);
  const [file, inline] = [value('scriptPath'), value('script')];
  const isInline = value('scriptSource')?.text.toLowerCase() === 'inline';
  const source = isInline ? inline : file;
  if (!source) return common.enabled ? empty(json, desk) : undefined;
  const interpreter = value('pythonInterpreter')?.text ?? '';
  const lines = [
    interpreter === '' ? 'python=$(command -v python || command -v python3)' : `python="${interpreter}"`,
    ...(isInline
      ? ['script=$(mktemp)', 'cat > "$script" <<\'END_OF_PYTHON\'', source.text, 'END_OF_PYTHON']
      : [`script="${source.text}"`]),
    `"$python" "$script" ${value('arguments')?.text ?? ''}`.trimEnd(),
  ];
  return {
    ...{ kind: 'script', ...common, shell: 'bash' },
    script: { text: lines.join('\n'), place: source.place },
    workingDirectory: value('workingDirectory'),
    failOnStderr: value('failOnStderr')?.text.toLowerCase() === 'true',
  };
}

/** A script in a file is called with its arguments. */
function scriptIn(shell: ScriptStepPlan['shell'], value: Value, place: Text['place']): Text | undefined {
  const type = value('targetType', 'scriptType')?.text.toLowerCase() ?? '';
  const file = value('filePath', 'scriptName', 'scriptPath', 'filename');
  const inline = value('script', 'inlineScript');
  const isFile = type === '' ? !inline : type.startsWith('file');
  if (!isFile) return inline;
  if (!file) return undefined;
  const call = { bash: 'bash ', script: '', pwsh: '& ' }[shell];
  return { text: `${call}"${file.text}" ${value('arguments', 'args')?.text ?? ''}`.trimEnd(), place };
}
