import type { Caller } from '../../context.ts';
import type { Parameters } from './parameters.ts';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** One call of MLflow's REST interface: method, path below `/api/2.0/mlflow/`, and what it does. */
export type MlflowCall = readonly [
  method: Method | readonly Method[],
  path: string,
  answer: (parameters: Parameters, caller: Caller) => Promise<object>,
];
