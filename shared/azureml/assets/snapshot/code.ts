import type { LocalCode } from '../../yaml/index.ts';
import { COMPONENT_RULES } from './ignore.ts';
import { mergedSnapshot } from './merged.ts';
import { takeSnapshot, type Snapshot } from './walk.ts';

/** Lists what local code comes to when it is sent. */
export function codeSnapshot({ path, of, merge, place }: LocalCode): Promise<Snapshot> {
  if (merge) return mergedSnapshot(path, merge, place);
  return takeSnapshot(path, place, of === 'component' ? COMPONENT_RULES : '');
}
