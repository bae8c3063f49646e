import { startTask } from '../../shared/pipelines/index.ts';
import { readInputs } from './inputs.ts';
import { evaluateModel, openServices } from './run.ts';

startTask(async (signal) => {
  const inputs = readInputs();
  return evaluateModel(inputs, openServices(inputs, signal));
});
