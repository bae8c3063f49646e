export { parallelCommand, parallelSpecification } from './specification.ts';
export { taskOf } from './settings.ts';
