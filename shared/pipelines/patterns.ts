import * as tl from 'azure-pipelines-task-lib/task.js';

/** The paths that fit patterns as Azure Pipelines has them: the last one that fits wins, and `!` leaves out. */
export function matchingPaths(paths: readonly string[], patterns: readonly string[]): string[] {
  return tl.match([...paths], [...patterns], undefined, { dot: true, nobrace: false });
}
