import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Problem, messageOf } from '../../../../shared/problem/index.ts';

/** What the agent needs of a task.json. */
export interface TaskDefinition {
  readonly folder: string;
  readonly id: string;
  readonly name: string;
  readonly friendlyName: string;
  readonly version: TaskVersion;
  readonly inputs: readonly TaskInput[];
  /** Handler key (`Node20_1`, `Node24`, ...) to what it starts. */
  readonly prejob: Handlers;
  readonly execution: Handlers;
  readonly postjob: Handlers;
  readonly instanceNameFormat: string | undefined;
  readonly outputVariables: readonly string[];
  readonly restrictions: Restrictions;
  /** A sentence for tasks that are on their way out. */
  readonly deprecation: string | undefined;
}

export interface TaskVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

export interface TaskInput {
  readonly name: string;
  readonly type: string;
  readonly aliases: readonly string[];
  readonly defaultValue: string;
  readonly required: boolean;
  /** Shown, and asked for, only when this rule holds. */
  readonly visibleRule: string | undefined;
}

export interface Handler {
  readonly target: string;
  readonly workingDirectory: string | undefined;
}

export type Handlers = ReadonlyMap<string, Handler>;

export interface Restrictions {
  readonly mode: 'any' | 'restricted';
  /** Glob patterns; undefined: every variable may be set. */
  readonly settableVariables: readonly string[] | undefined;
}

/** Reads `<folder>/task.json`; what is wrong with it is named with the file. */
export async function readTaskDefinition(folder: string): Promise<TaskDefinition> {
  const file = path.join(folder, 'task.json');
  let json: unknown;
  try {
    json = JSON.parse((await readFile(file, 'utf8')).replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Problem({
      code: 'file',
      message: `task.json cannot be read: ${messageOf(error)}.`,
      place: { file },
    });
  }
  return parseTaskDefinition(json, folder);
}

function parseTaskDefinition(json: unknown, folder: string): TaskDefinition {
  const task = objectOf(json);
  const version = objectOf(task['version']);
  const name = textOf(task['name']);
  const [id, major] = [textOf(task['id']), numberOf(version['Major'])];
  if (!name || !id || Number.isNaN(major)) {
    const message = 'A task.json needs at least an id, a name and a version.';
    throw new Problem({ code: 'file', message, place: { file: path.join(folder, 'task.json') } });
  }
  return {
    folder,
    id,
    name,
    friendlyName: textOf(task['friendlyName']) ?? name,
    version: { major, minor: numberOf(version['Minor']) || 0, patch: numberOf(version['Patch']) || 0 },
    inputs: listOf(task['inputs']).map(parseInput),
    prejob: parseHandlers(task['prejobexecution']),
    execution: parseHandlers(task['execution']),
    postjob: parseHandlers(task['postjobexecution']),
    instanceNameFormat: textOf(task['instanceNameFormat']),
    outputVariables: listOf(task['outputVariables']).flatMap((one) => textOf(objectOf(one)['name']) ?? []),
    restrictions: parseRestrictions(task['restrictions']),
    deprecation: parseDeprecation(task),
  };
}

function parseInput(json: unknown): TaskInput {
  const input = objectOf(json);
  return {
    name: textOf(input['name']) ?? '',
    type: textOf(input['type']) ?? 'string',
    aliases: listOf(input['aliases']).flatMap((alias) => textOf(alias) ?? []),
    // Shipped tasks write booleans and numbers here as they come.
    defaultValue: textOf(input['defaultValue']) ?? '',
    required: textOf(input['required'])?.toLowerCase() === 'true',
    visibleRule: textOf(input['visibleRule']) || undefined,
  };
}

function parseHandlers(json: unknown): Handlers {
  const handlers = Object.entries(objectOf(json)).map(([key, value]): [string, Handler] => {
    const handler = objectOf(value);
    return [
      key,
      { target: textOf(handler['target']) ?? '', workingDirectory: textOf(handler['workingDirectory']) },
    ];
  });
  return new Map(handlers);
}

function parseRestrictions(json: unknown): Restrictions {
  const restrictions = objectOf(json);
  const settable = restrictions['settableVariables'];
  const mode = textOf(objectOf(restrictions['commands'])['mode'])?.toLowerCase();
  return {
    mode: mode === 'restricted' ? 'restricted' : 'any',
    settableVariables:
      settable === undefined
        ? undefined
        : listOf(objectOf(settable)['allowed']).flatMap((one) => textOf(one) ?? []),
  };
}

function parseDeprecation(task: Readonly<Record<string, unknown>>): string | undefined {
  if (textOf(task['deprecated'])?.toLowerCase() !== 'true') return undefined;
  const removal = textOf(task['removalDate']);
  const message = textOf(task['deprecationMessage']);
  const parts = [
    `The task '${textOf(task['name'])}' is deprecated.`,
    removal && `It goes away on ${removal}.`,
    message,
  ];
  return parts.filter(Boolean).join(' ');
}

function objectOf(json: unknown): Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? { ...json } : {};
}

function listOf(json: unknown): readonly unknown[] {
  return Array.isArray(json) ? json : [];
}

function textOf(json: unknown): string | undefined {
  return typeof json === 'string' || typeof json === 'number' || typeof json === 'boolean'
    ? String(json)
    : undefined;
}

function numberOf(json: unknown): number {
  return json === undefined ? NaN : Number(json);
}
