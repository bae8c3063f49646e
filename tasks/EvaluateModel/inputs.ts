import { existsSync, readFileSync } from 'node:fs';
import type { ChampionWish } from '../../shared/delivery/champion.ts';
import { readWorkspaceInputs, type WorkspaceInputs } from '../../shared/delivery/workspace.ts';
import { readPolicy, type ReadPolicy } from '../../shared/evaluation/index.ts';
import { createInputReader, shownPath, type InputReader } from '../../shared/pipelines/index.ts';
import { messageOf, Problem, Problems, throwIfAny } from '../../shared/problem/index.ts';

export interface EvaluateInputs {
  readonly workspace: WorkspaceInputs;
  /** A job, `<model>:<version>` or `<model>@latest`. */
  readonly candidate: string;
  readonly candidateOutput: string | undefined;
  readonly champion: ChampionWish;
  readonly policy: ReadPolicy;
  /** As the user named it; undefined for an inline policy. */
  readonly policyFile: string | undefined;
  readonly evaluationJobFile: string | undefined;
  /** `path=value` overrides of the evaluation job. */
  readonly set: readonly string[];
  readonly onNotBetter: 'continue' | 'warn' | 'fail';
  /** For a job that is waited for; 0: as long as it takes. */
  readonly timeoutInMinutes: number;
  readonly streamLogs: boolean;
}

/** Reads every input, the policy included; all that is wrong is thrown together. */
export function readInputs(): EvaluateInputs {
  const read = createInputReader();
  const workspace = readWorkspaceInputs(read);
  const candidate = read.required('candidate');
  const inputs = {
    candidate,
    candidateOutput: read.text('candidateOutput'),
    champion: readChampion(read, candidate),
    evaluationJobFile: read.file('evaluationJobFile'),
    set: lines(read, 'set'),
    onNotBetter: read.oneOf('onNotBetter', ['continue', 'warn', 'fail'] as const, 'continue'),
    timeoutInMinutes: read.number('timeoutInMinutes', 0, { min: 0, max: 43_200 }),
    streamLogs: read.flag('streamLogs', true),
  };
  const policyFile = read.file('policyFile');
  const policy = readPolicyInput(read, policyFile);
  throwIfAny([...problemsOf(() => read.finish()), ...policy.problems]);
  return { ...inputs, ...policy.found!, workspace: workspace! };
}

function readChampion(read: InputReader, candidate: string): ChampionWish {
  const by = read.oneOf('champion', ['endpoint', 'tag', 'version', 'none'] as const, 'endpoint');
  switch (by) {
    case 'none':
      return { by };
    case 'endpoint':
      return {
        by,
        endpointName: needed(
          read,
          'endpointName',
          "it is where the champion takes traffic; or set 'champion' to none",
        ),
      };
    case 'tag': {
      const [tag = '', ...value] = needed(read, 'championTag', 'the champion is found by it').split('=');
      const modelName = modelNameFor(read, candidate);
      return { by, modelName, tag: tag.trim(), value: value.length > 0 ? value.join('=').trim() : undefined };
    }
    case 'version': {
      const written = needed(read, 'championVersion', 'it names the champion');
      const [version = '', name] = written.split(':').reverse();
      return { by, version, modelName: name ?? modelNameFor(read, candidate) };
    }
  }
}

function needed(read: InputReader, name: string, why: string): string {
  const value = read.text(name);
  if (value === undefined) read.complain(name, 'A value is required.', `Give a value for '${name}': ${why}.`);
  return value ?? '';
}

/** A candidate that is a model version says its name; a job does not. */
function modelNameFor(read: InputReader, candidate: string): string {
  const [, fromCandidate] = /^(?:azureml:)?([^:@/]+)[:@][^:@/]+$/.exec(candidate) ?? [];
  return (
    read.text('modelName') ??
    fromCandidate ??
    needed(read, 'modelName', 'the champion is one of its versions')
  );
}

interface PolicyInput {
  readonly problems: readonly Problem[];
  readonly found?: { readonly policy: ReadPolicy; readonly policyFile: string | undefined };
}

function readPolicyInput(read: InputReader, file: string | undefined): PolicyInput {
  const inline = read.text('policy');
  if (file !== undefined && inline !== undefined) {
    read.complain('policy', "Give either 'policyFile' or 'policy', not both.");
    return { problems: [] };
  }
  // A file that does not exist has been complained about already.
  if (file !== undefined) {
    const source = { file: shownPath(read.text('policyFile') ?? file) };
    return existsSync(file) ? policyIn(source, () => textOf(file)) : { problems: [] };
  }
  if (inline !== undefined) return policyIn({ input: 'policy' }, () => inline);
  read.complain(
    'policyFile',
    'A policy is required.',
    "Name a file in 'policyFile', or write the policy into 'policy'.",
  );
  return { problems: [] };
}

function policyIn(source: { file?: string; input?: string }, text: () => string): PolicyInput {
  let found: PolicyInput['found'];
  const problems = problemsOf(() => {
    found = { policy: readPolicy(text(), source), policyFile: source.file };
  });
  return { problems, ...(found && { found }) };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Problem({
      code: 'file',
      message: `The policy cannot be read: ${messageOf(cause)}.`,
      place: { input: 'policyFile' },
      next: 'Check that the agent may read the file.',
      cause,
    });
  }
}

function problemsOf(work: () => void): readonly Problem[] {
  try {
    work();
    return [];
  } catch (error) {
    if (error instanceof Problems) return error.all;
    if (error instanceof Problem) return [error];
    throw error;
  }
}

function lines(read: InputReader, name: string): string[] {
  return (read.text(name) ?? '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean);
}
