import { Fields, type Desk } from './fields.ts';
import type { Bound } from './scope.ts';

const KINDS = ['builds', 'containers', 'pipelines', 'repositories', 'webhooks', 'packages'];

/** Resources that nothing uses do no harm; what would use one is refused where it stands. */
export function checkResources(desk: Desk, bound: Bound | undefined): void {
  if (!bound) return;
  const part = desk.expander.resolve(bound);
  // The old form `resources: - repo: self`.
  if (part.node.kind === 'list') return;
  new Fields(desk, part, "'resources'").allow(KINDS);
}
