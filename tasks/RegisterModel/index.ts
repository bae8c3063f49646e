import { startTask } from '../../shared/pipelines/index.ts';
import { readInputs } from './inputs.ts';
import { openServices, registerModel } from './run.ts';

startTask(async (signal) => {
  const inputs = readInputs();
  return registerModel(inputs, openServices(inputs, signal));
});
