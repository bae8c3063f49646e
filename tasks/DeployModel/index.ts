import { startTask } from '../../shared/pipelines/index.ts';
import { readInputs } from './inputs.ts';
import { deployModel, openServices } from './run.ts';

startTask(async (signal) => {
  const inputs = readInputs();
  return deployModel(inputs, openServices(inputs, signal));
});
