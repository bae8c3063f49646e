import path from 'node:path';
import { Problem } from '../../../../shared/problem/index.ts';
import type { Place, Text } from '../../plan.ts';
import type { Endpoint } from '../endpoints.ts';
import { expandMacros, type Lookup } from '../variables/macros.ts';
import type { TaskDefinition, TaskInput } from './definition.ts';

export interface InputRequest {
  readonly task: TaskDefinition;
  /** As the pipeline gives them: by name or alias. */
  readonly given: ReadonlyMap<string, Text>;
  /** Where the step stands, for problems with inputs it does not give. */
  readonly place: Place;
  readonly variables: Lookup;
  /** The agent process's own environment, for what is no variable. */
  readonly environment: Lookup;
  /** Where relative paths start: the sources folder in a build. */
  readonly root: string;
  readonly findEndpoint: (idOrName: string) => Endpoint | undefined;
  readonly trim: boolean;
}

export interface ResolvedInputs {
  /** By the name in task.json (or as given, for names the task does not know). */
  readonly values: ReadonlyMap<string, string>;
  /** The connections that `connectedService:` inputs name: only these reach the task. */
  readonly endpoints: readonly Endpoint[];
}

/** Resolves inputs in the agent's order: default, given value, macros once, environment, absolute paths. */
export function resolveInputs(request: InputRequest): ResolvedInputs {
  const values = new Map<string, string>();
  const endpoints = new Set<Endpoint>();
  for (const [name, text] of rawInputs(request)) {
    const input = inputNamed(request.task, name);
    const expanded = expandMacros(expandMacros(text.text, request.variables), request.environment);
    const used = input && isConnection(input) ? connectionsIn(expanded, text.place, input, request) : [];
    for (const endpoint of used) endpoints.add(endpoint);
    values.set(
      name,
      used.length > 0 ? used.map((one) => one.id).join(',') : absolute(expanded, input, request.root),
    );
  }
  return { values, endpoints: [...endpoints] };
}

function rawInputs({ task, given, place, trim }: InputRequest): Map<string, Text> {
  const clean = (text: string): string => (trim ? text.trim() : text);
  const raw = new Map<string, Text>();
  for (const input of task.inputs) raw.set(input.name, { text: input.defaultValue.trim(), place });
  for (const [name, value] of given) {
    raw.set(inputNamed(task, name)?.name ?? name, { text: clean(value.text), place: value.place });
  }
  return raw;
}

/** The input a pipeline means by a name: its own name or one of its aliases, without regard to case. */
export function inputNamed(task: TaskDefinition, name: string): TaskInput | undefined {
  const wanted = name.toLowerCase();
  const byName = task.inputs.find((input) => input.name.toLowerCase() === wanted);
  return byName ?? task.inputs.find((input) => input.aliases.some((alias) => alias.toLowerCase() === wanted));
}

export function isConnection(input: TaskInput): boolean {
  return input.type.toLowerCase().startsWith('connectedservice:');
}

function connectionsIn(value: string, place: Place, input: TaskInput, request: InputRequest): Endpoint[] {
  const names = value.split(',').map((one) => one.trim());
  return names
    .filter(Boolean)
    .map((name) => request.findEndpoint(name) ?? unknownConnection(name, input, place));
}

function unknownConnection(name: string, input: TaskInput, place: Place): never {
  throw new Problem({
    code: 'not-found',
    message: `There is no service connection '${name}'.`,
    next: 'Use the name or id of a connection this run was given.',
    place: { input: input.aliases[0] ?? input.name, ...place },
  });
}

/** An empty path stays the root folder itself, as on the agent; tasks tell the two apart by comparing. */
function absolute(value: string, input: TaskInput | undefined, root: string): string {
  return input?.type.toLowerCase() === 'filepath' ? path.resolve(root, value) : value;
}
