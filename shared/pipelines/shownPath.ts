import path from 'node:path';
import { variable } from './agent.ts';

/** A path as its author knows it: relative to the job's working directory where it lies below, with forward slashes. */
export function shownPath(file: string): string {
  const root = variable('System.DefaultWorkingDirectory');
  if (!root || !path.isAbsolute(file)) return file;
  const relative = path.relative(root, file);
  const isOutside = relative === '' || relative.startsWith('..') || path.isAbsolute(relative);
  return isOutside ? file : relative.split(path.sep).join('/');
}
