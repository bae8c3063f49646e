import { startTask } from '../../shared/pipelines/index.ts';
import { readInputs } from './inputs.ts';
import { downloadModel, openServices } from './run.ts';

startTask(async (signal) => {
  const inputs = readInputs();
  return downloadModel(inputs, openServices(inputs, signal));
});
