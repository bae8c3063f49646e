import { data, models } from './assets.ts';
import { registries } from './registries.ts';
import { batchEndpoints, computes, connections, datastores, endpoints, schedules } from './resources.ts';
import { jobs, runs } from './runs.ts';
import type { Deed } from './worker.ts';

/** What the load does, and how often each of it. */
export const DEEDS: readonly (readonly [Deed, number])[] = [
  [models, 8],
  [data, 4],
  [runs, 4],
  [computes, 4],
  [endpoints, 3],
  [batchEndpoints, 3],
  [schedules, 3],
  [connections, 3],
  [datastores, 4],
  [registries, 2],
  [jobs, 1],
];
