import { toValue, type ValueMap } from '../expressions/index.ts';
import type { PipelinePlan, Place, VariableDefinition } from '../plan.ts';
import { Expander } from './expand.ts';
import { Files } from './files.ts';
import { Findings } from './findings.ts';
import type { Node } from './node.ts';
import { readParameters, type Given } from './parameters.ts';
import { readTopLevel } from './pipeline.ts';
import { plusVariable, type Scope } from './scope.ts';
import { parseSource } from './source.ts';
import type { ReadingDesk } from './templates.ts';
import { webhooksIn } from './webhooks.ts';

export interface ReadOptions {
  /** The pipeline's YAML file; relative ones count from the current folder. */
  readonly file: string;
  /** Values for the pipeline's `parameters`; text as given on a command line is converted to the declared type. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Payloads of webhooks by their alias: steps read them like parameters. */
  readonly payloads?: Readonly<Record<string, unknown>>;
  /** Variables set when queueing. One that the file sets itself is refused, as on the service. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Predefined variables known before the run starts: `Build.SourceBranch`, `System.TeamProject`, ... */
  readonly predefined: Readonly<Record<string, string>>;
}

/**
 * Reads a pipeline: templates, parameters and `${{ }}` are resolved, `$( )` and `$[ ]` are left for the run.
 * Throws one Problem or Problems that name everything found wrong, with file, line and column.
 */
export async function readPipeline(options: ReadOptions): Promise<PipelinePlan> {
  const findings = new Findings();
  const files = new Files(options.file, findings);
  const desk: ReadingDesk = { findings, files, expander: new Expander(findings) };
  const node = files.open(options.file);
  const scope = scopeOf(desk, node, options);
  findings.throwAll();
  const content = readTopLevel(desk, { node, scope, expanded: false });
  const variables = new Map([...queued(findings, content, options.variables ?? {}), ...content.variables]);
  findings.throwAll();
  return { file: Files.shown(options.file), ...content, variables };
}

/** The pipeline's parameters are filled first: everything else may depend on them. */
function scopeOf(desk: ReadingDesk, node: Node, options: ReadOptions): Scope {
  const before: ValueMap = new Map();
  const known = Object.entries({ ...options.predefined, ...options.variables });
  const variables = known.reduce((all, [name, value]) => plusVariable(all, name, value), before);
  const bare: Scope = { parameters: before, variables, locals: {}, inclusions: [] };
  const top = node.kind === 'map' ? node.entries.find(({ key }) => key.text === 'parameters') : undefined;
  const declaration = top && { node: top.value, scope: bare, expanded: false };
  const given = new Map(
    Object.entries(options.parameters ?? {}).map(([name, value]) => [name, givenAs(desk, name, value)]),
  );
  if (node.kind !== 'map') desk.findings.wrong(node.place, 'A pipeline must be a map of keys and values.');
  const parameters = readParameters(desk, declaration, given, top?.key.place ?? node.place);
  return { ...bare, parameters: new Map([...parameters, ...payloadsFor(desk, node, options)]) };
}

/** Started by hand, a webhook has no payload, and whatever is read of it is empty. */
function payloadsFor(desk: ReadingDesk, node: Node, { payloads = {} }: ReadOptions): ValueMap {
  const webhooks = webhooksIn(node, desk.findings);
  const known = webhooks.map(({ alias }) => alias);
  for (const alias of Object.keys(payloads).filter((one) => !known.includes(one)))
    desk.findings.unknown(node.place, 'The webhook', alias, known);
  return new Map(known.map((alias) => [alias, toValue(payloads[alias] ?? {})]));
}

function givenAs(desk: ReadingDesk, name: string, value: unknown): Given {
  const place: Place = { file: `parameter ${name}`, line: 1, column: 1 };
  // On a command line a list or map is written as YAML.
  const asYaml =
    typeof value === 'string' &&
    /^\s*[[{-]/.test(value) &&
    desk.findings.collect(() => parseSource(value, place.file));
  return {
    place,
    node: asYaml && asYaml.kind !== 'scalar' ? asYaml : desk.expander.origins.nodeOf(toValue(value), place),
  };
}

function queued(
  findings: Findings,
  content: Pick<PipelinePlan, 'variables'>,
  variables: Readonly<Record<string, string>>,
): [string, VariableDefinition][] {
  return Object.entries(variables).map(([name, text]) => {
    const own = [...content.variables].find(([known]) => known.toLowerCase() === name.toLowerCase())?.[1];
    if (own)
      findings.wrong(
        own.value.place,
        `The variable '${name}' cannot be set for a run: the pipeline sets it here.`,
        'Make it a parameter.',
      );
    return [
      name,
      { value: { text, place: { file: 'variables of this run', line: 1, column: 1 } }, readOnly: false },
    ];
  });
}
