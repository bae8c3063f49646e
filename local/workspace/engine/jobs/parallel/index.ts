export { MLFLOW_BATCH_SCRIPT } from './mlflowScript.ts';
export { parallelCommand, parallelSpecification } from './specification.ts';
export { taskOf } from './settings.ts';
