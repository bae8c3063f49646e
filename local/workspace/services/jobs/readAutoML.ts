import { defined, type Json, Members } from '../../server/bodies.ts';
import { userError } from '../../server/failures.ts';
import { readOutputs } from './readInputs.ts';

const IMAGE_TASKS = [
  'ImageClassification',
  'ImageClassificationMultilabel',
  'ImageInstanceSegmentation',
  'ImageObjectDetection',
] as const;
const TASKS = [
  'Classification',
  'Regression',
  'Forecasting',
  'TextClassification',
  'TextClassificationMultilabel',
  'TextNER',
  ...IMAGE_TASKS,
] as const;
const TABLES = ['trainingData', 'validationData', 'testData'] as const;

/** The members of an AutoML job; it is accepted, and refused when it runs. */
export function readAutoML(members: Members): Json {
  const details = members.needed('taskDetails', members.object('taskDetails'));
  const task = new Members(details, 'properties.taskDetails');
  const taskType = task.needed('taskType', task.word('taskType', TASKS));
  for (const name of TABLES) checkTable(task, name);
  task.needed('trainingData', task.object('trainingData'));
  const limits = task.object('limitSettings');
  if (IMAGE_TASKS.some((image) => image === taskType)) task.needed('limitSettings', limits);
  for (const [name, value] of Object.entries(limits ?? {})) checkLimit(name, value);
  task.text('targetColumnName');
  return defined({ taskDetails: { ...details, taskType }, outputs: readOutputs(members) });
}

function checkTable(task: Members, name: (typeof TABLES)[number]): void {
  const table = task.object(name);
  if (!table) return;
  const members = new Members(table, `properties.taskDetails.${name}`);
  members.word('jobInputType', ['mltable']);
  members.needed('uri', members.text('uri'));
}

function checkLimit(name: string, value: unknown): void {
  if (!/^max/.test(name) || value === null || (typeof value === 'number' && Number.isInteger(value))) return;
  throw userError(`The member 'properties.taskDetails.limitSettings.${name}' must be a whole number.`);
}
