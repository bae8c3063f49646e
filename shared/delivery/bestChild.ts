import type { Job } from '../azureml/index.ts';

/**
 * The run that a sweep or an AutoML job found best: sweeps say so in a property, AutoML in a tag that its own runs set.
 */
export function bestChildOf({ properties, tags }: Pick<Job, 'properties' | 'tags'>): string | undefined {
  return properties['best_child_run_id'] ?? tags['automl_best_child_run_id'];
}
