import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { readWorkspaceInputs, type WorkspaceInputs } from '../../shared/delivery/workspace.ts';
import { createInputReader, type InputReader } from '../../shared/pipelines/index.ts';

/** Where the job is described: in an Azure ML v2 file, or by the task's own inputs. */
export type JobSource =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'inline'; readonly folder: string; readonly values: Readonly<Record<string, unknown>> };

export interface TrainInputs {
  readonly workspace: WorkspaceInputs;
  readonly source: JobSource;
  /** `path=value` overrides, as `az ml job create --set` has them. */
  readonly set: readonly string[];
  readonly experimentName: string | undefined;
  readonly displayName: string | undefined;
  readonly jobName: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly waitForCompletion: boolean;
  /** 0: as long as it takes. */
  readonly timeoutInMinutes: number;
  readonly streamLogs: boolean;
  /** Folder for the job's outputs, or undefined to leave them where they are. */
  readonly outputDirectory: string | undefined;
}

/** Task input behind each key of an inline job, for messages that name what the user wrote. */
export const INPUT_OF: Readonly<Record<string, string>> = {
  inputs: 'jobInputs',
  experiment_name: 'experimentName',
};

const JOB_NAME = /^[a-zA-Z0-9][a-zA-Z0-9\-_]{0,249}$/;

/** Reads every input; all that is wrong is thrown together. */
export function readInputs(): TrainInputs {
  const read = createInputReader();
  const workspace = readWorkspaceInputs(read);
  const inputs = {
    source: readSource(read),
    set: (read.text('set') ?? '')
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter(Boolean),
    experimentName: read.text('experimentName'),
    displayName: read.text('displayName'),
    jobName: readJobName(read),
    tags: read.pairs('tags'),
    waitForCompletion: read.flag('waitForCompletion', true),
    timeoutInMinutes: read.number('timeoutInMinutes', 0, { min: 0, max: 43_200 }),
    streamLogs: read.flag('streamLogs', true),
    outputDirectory: read.folder('outputDirectory'),
  };
  read.finish();
  return { ...inputs, workspace: workspace! };
}

function readSource(read: InputReader): JobSource {
  const file = read.file('jobFile');
  const command = read.text('command');
  if (file && command)
    read.complain('command', "Give either 'jobFile' or 'command', not both.", "Change a job file by 'set'.");
  if (file) return { kind: 'file', file };
  if (!command) read.complain('jobFile', "A job is required: name a file in 'jobFile', or give 'command'.");
  const folder = process.cwd();
  const values = {
    type: 'command',
    command,
    code: read.text('code'),
    environment: read.text('environment'),
    compute: read.text('compute'),
    inputs: Object.fromEntries(
      Object.entries(read.pairs('jobInputs')).map(([name, value]) => [name, jobInput(value)]),
    ),
  };
  for (const name of ['environment'] as const) {
    if (command && !values[name])
      read.complain(
        name,
        'An inline job needs it.',
        'Name an environment, for example azureml:my-environment@latest.',
      );
  }
  return {
    kind: 'inline',
    folder,
    values: Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)),
  };
}

/** A reference or path becomes a data input; everything else is a literal. An absolute path counts where it exists. */
function jobInput(value: string): unknown {
  const isRemote = /^(azureml:|https?:|wasbs?:|abfss?:)/.test(value);
  const isLocal = /^\.{1,2}[/\\]/.test(value) || (path.isAbsolute(value) && existsSync(value));
  if (!isRemote && !isLocal) return value;
  const isFile = isRemote
    ? /\.[A-Za-z0-9]+$/.test(path.basename(value))
    : existsSync(value) && statSync(value).isFile();
  return { type: isFile ? 'uri_file' : 'uri_folder', path: value };
}

function readJobName(read: InputReader): string | undefined {
  const name = read.text('jobName');
  if (name && !JOB_NAME.test(name)) {
    read.complain(
      'jobName',
      `'${name}' cannot be a job name.`,
      'Use letters, digits, dashes and underscores, a letter or digit first, at most 250 characters.',
    );
  }
  return name;
}
