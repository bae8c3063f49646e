import type { DraftMap } from '../../compilation.ts';
import type { YamlNode } from '../../document/node.ts';
import { draft, mapValues } from '../../draft.ts';
import { oneOf, text, version } from '../../fields/basic.ts';
import { members } from '../../fields/collections.ts';
import type { Field } from '../../fields/field.ts';
import type { Scope } from '../../fields/scope.ts';

/** What inputs and outputs of a job may be called. */
export const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const OUTPUT_TYPES = [
  'uri_file',
  'uri_folder',
  'custom_model',
  'mlflow_model',
  'mltable',
  'triton_model',
] as const;
const MODES = {
  mount: 'ReadWriteMount',
  rw_mount: 'ReadWriteMount',
  upload: 'Upload',
  direct: 'Direct',
} as const;

const MODE_WORDS = ['mount', 'upload', 'rw_mount', 'direct'] as const;

export interface JobOutput {
  /** Undefined where the file leaves it open: `uri_folder`. */
  readonly type: (typeof OUTPUT_TYPES)[number] | undefined;
  readonly mode: keyof typeof MODES | undefined;
  readonly path: string | undefined;
  readonly name: string | undefined;
  readonly version: string | undefined;
}

/** The name under which an output is registered. */
export const registeredName: Field<string> = {
  expected: text.expected,
  read(node, scope) {
    const name = text.read(node, scope);
    if (name === undefined || /^[\w-]{0,255}$/.test(name)) return name;
    return scope.refuse(
      node.at,
      `${scope.subject()} is '${name}'; a name can only have letters, digits, dashes and underscores, 255 at most.`,
    );
  },
};

/** One output: empty (a folder the service chooses) or `{type, mode, path, name, version}`. */
export const jobOutput: Field<JobOutput> = {
  expected: 'empty, or a mapping with type, mode, path, name or version',
  acceptsNull: true,
  read(node, scope) {
    if (node.kind === 'scalar' && node.type === 'null') return EMPTY;
    return outputOf(node, scope);
  },
};

/** A type of outputs, if the word is one. */
export function outputType(word: unknown): JobOutput['type'] {
  return OUTPUT_TYPES.find((type) => type === word);
}

/** A mode of outputs, if the word is one. */
export function outputMode(word: unknown): JobOutput['mode'] {
  return MODE_WORDS.find((mode) => mode === word);
}

export const EMPTY: JobOutput = {
  type: undefined,
  mode: undefined,
  path: undefined,
  name: undefined,
  version: undefined,
};

function outputOf(node: YamlNode, scope: Scope): JobOutput | undefined {
  const read = members(node, scope, {
    type: oneOf(OUTPUT_TYPES),
    mode: oneOf(MODE_WORDS),
    path: text,
    name: registeredName,
    version,
  });
  if (!read) return undefined;
  if (read.version !== undefined && read.name === undefined) {
    scope.refuse(node.at, `${scope.subject()} has a version but no name to register the output under.`);
  }
  return { ...EMPTY, ...read };
}

export function restOutput(output: JobOutput): DraftMap {
  return draft({
    jobOutputType: output.type ?? 'uri_folder',
    uri: output.path,
    mode: output.mode && MODES[output.mode],
    assetName: output.name,
    assetVersion: output.version,
  });
}

/** Outputs of a job as they are sent; their names are plain words. */
export function jobOutputs(
  outputs: Readonly<Record<string, JobOutput>>,
  node: YamlNode | undefined,
  scope: Scope,
): DraftMap {
  for (const name of Object.keys(outputs)) {
    const at = (node?.kind === 'map' ? node.entries.get(name)?.key.at : undefined) ?? node?.at ?? {};
    if (!PLAIN_NAME.test(name))
      scope.refuse(at, `The output name '${name}' may hold only letters, digits and underscores.`);
  }
  return mapValues(outputs, restOutput);
}

/** The same for a step of a pipeline, which is sent in snake case. */
export function nodeOutput(output: JobOutput): DraftMap {
  const mode = output.mode && MODES[output.mode];
  if (output.path !== undefined && isOutputBinding(output.path)) {
    return draft({ value: output.path, type: 'literal', mode });
  }
  return draft({
    job_output_type: output.type ?? 'uri_folder',
    uri: output.path,
    mode,
    name: output.name,
    version: output.version,
  });
}

/** Whether a text is `${{parent.outputs.x}}`, the pipeline's own output. */
export function isOutputBinding(text: string): boolean {
  return /^\$\{\{\s*parent\.outputs\.[^}]*\}\}$/.test(text.trim());
}
