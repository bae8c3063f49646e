import { startTask } from '../../shared/pipelines/index.ts';
import { readInputs } from './inputs.ts';
import { openServices, trainModel } from './run.ts';

startTask(async (signal) => {
  const inputs = readInputs();
  return trainModel(inputs, openServices(inputs, signal));
});
