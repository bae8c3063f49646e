import type { Collection, Store } from '../../../store/store.ts';
import type { RunCreator } from './run.ts';

/** A JSON object as a client sent it, checked where it is used. */
export type Json = Readonly<Record<string, unknown>>;

/** A job as it was submitted; its progress is in the run of the same name. */
export interface JobDocument {
  readonly name: string;
  /** `properties` of the ARM resource, without what only the server may say. */
  readonly properties: Json;
  readonly createdAt: string;
  readonly lastModifiedAt: string;
  readonly createdBy: RunCreator;
  readonly lastModifiedBy: RunCreator;
  /** The sweep or pipeline this job is a part of; such jobs are not listed on their own. */
  readonly parentJobName?: string;
}

/** The jobs of a workspace. */
export function jobsIn(store: Store): Collection<JobDocument> {
  return store.collection('jobs');
}
