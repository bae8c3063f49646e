import path from 'node:path';
import { mergeResults, TASK_RESULTS } from '../results.ts';
import type { Detail, Issue, StepState } from '../state.ts';
import { existingPath, fileName, flag, refuse, required, wholeNumber, type CommandHandler } from './read.ts';
import type { Command } from './parse.ts';

const SUMMARY = 'Distributedtask.Core.Summary';
const FILE = 'DistributedTask.Core.FileAttachment';

export const logIssue: CommandHandler = (command, step) => {
  const type = command.properties.get('type')?.toLowerCase();
  if (type === undefined) {
    step.sink.issue({
      type: 'warning',
      message: "A logged issue names no 'type'; error and warning are known.",
    });
    return;
  }
  if (type !== 'error' && type !== 'warning')
    throw refuse(`An issue cannot be of type '${type}'; use error or warning.`);
  step.sink.issue({ type, message: command.data, ...placeIn(command) });
};

function placeIn(command: Command): Partial<Issue> {
  const { properties } = command;
  const sourcePath = properties.get('sourcepath');
  const line = Number(properties.get('linenumber'));
  const column = Number(properties.get('columnnumber'));
  const code = properties.get('code');
  return {
    ...(sourcePath && { sourcePath }),
    ...(Number.isInteger(line) && { line }),
    ...(Number.isInteger(column) && { column }),
    ...(code && { code }),
  };
}

/** From 0 to 100, and never down. */
export const setProgress: CommandHandler = (command, step) => {
  const value = wholeNumber(required(command, 'value'), 'the progress');
  step.percent = Math.max(step.percent, Math.min(100, Math.max(0, value)));
  step.sink.progress(step.percent, command.data || undefined);
};

/** The words are taken as the agent spells them: `Canceled` ends a step, `Cancelled` fails it. */
export const complete: CommandHandler = (command, step) => {
  const word = required(command, 'result');
  const result = TASK_RESULTS.find((known) => known === word);
  if (!result) throw refuse(`'${word}' is not a result; the agent knows ${TASK_RESULTS.join(', ')}.`);
  step.result = mergeResults(step.result, result);
  if (command.data) step.sink.progress(step.percent, command.data);
  if (flag(command, 'done')) step.done.abort();
};

export const debug: CommandHandler = (command, step) => writeDebug(command.data, step);

/** Debug lines are written only when the pipeline asks for them (`system.debug`). */
export function writeDebug(text: string, step: StepState): void {
  if (step.job.variables.get('system.debug')?.toLowerCase() !== 'true') return;
  for (const line of text.split(/\r\n|\n|\r/)) step.sink.line(`##[debug]${line}`);
}

export const addAttachment: CommandHandler = (command, step) => {
  const type = fileName(command, 'type');
  const name = fileName(command, 'name');
  step.sink.attach(type, name, existingPath(command, 'file'));
};

export const uploadSummary: CommandHandler = (command, step) => {
  const file = existingPath(command, 'file');
  step.sink.attach(SUMMARY, path.basename(file), file);
};

export const uploadFile: CommandHandler = (command, step) => {
  const file = existingPath(command, 'file');
  step.sink.attach(FILE, path.basename(file), file);
};

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DETAIL_STATES = ['Initialized', 'InProgress', 'Completed'] as const;

export const logDetail: CommandHandler = (command, step) => {
  const id = required(command, 'id').toLowerCase();
  if (!GUID.test(id)) throw refuse(`The id '${id}' of the detail is not a GUID.`);
  const known = step.details.get(id);
  if (!known) for (const property of ['name', 'type']) required(command, property);
  const parentId = command.properties.get('parentid')?.toLowerCase();
  if (parentId && known && known.parentId !== parentId) throw refuse('The parent of a detail cannot change.');
  if (parentId && !known && !step.details.has(parentId))
    throw refuse(`There is no detail '${parentId}' to be the parent.`);
  const detail: Detail = { ...known, id, ...detailIn(command) };
  step.details.set(id, detail);
  step.sink.detail(detail);
  if (command.data) step.sink.line(command.data);
};

function detailIn({ properties }: Command): Partial<Detail> {
  const text = (name: string): string | undefined => properties.get(name);
  const number = (name: string): number | undefined => {
    const value = text(name);
    return value === undefined ? undefined : wholeNumber(value, `'${name}'`);
  };
  const state = DETAIL_STATES.find((one) => one === text('state'));
  const result = TASK_RESULTS.find((one) => one === text('result'));
  if (text('state') && !state)
    throw refuse(`'${text('state')}' is not a state; use ${DETAIL_STATES.join(', ')}.`);
  if (text('result') && !result) throw refuse(`'${text('result')}' is not a result.`);
  const all = {
    parentId: text('parentid')?.toLowerCase(),
    type: text('type'),
    name: text('name'),
    order: number('order'),
    startTime: text('starttime'),
    finishTime: text('finishtime'),
    progress: number('progress'),
    state,
    result,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
