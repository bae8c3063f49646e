import { failure } from '../../../server/failures.ts';
import type { Action } from './actions.ts';

/** Calls a batch endpoint. */
export const invokeBatchEndpoint: Action = {
  check: () => undefined,
  run: () =>
    Promise.reject(
      failure(
        501,
        'NotSupported',
        'The embedded workspace does not invoke batch endpoints on a schedule.',
        'unsupported',
      ),
    ),
};
