export { JobEngine } from './engine.ts';
export { outputUri } from './outputs.ts';
