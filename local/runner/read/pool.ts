import { Fields, type Desk } from './fields.ts';
import type { Bound } from './scope.ts';

/** A pool is checked and then left aside: every job runs on this machine. Agentless jobs are refused. */
export function checkPool(desk: Desk, bound: Bound | undefined): void {
  if (!bound) return;
  const part = desk.expander.resolve(bound);
  if (part.node.kind !== 'scalar') return checkPoolMap(desk, part);
  if (part.node.text.trim().toLowerCase() === 'server') {
    desk.findings.unsupported(part.node.place, "An agentless job ('pool: server')");
  }
}

function checkPoolMap(desk: Desk, part: Bound): void {
  const fields = new Fields(desk, part, 'A pool');
  // Pools of other providers carry settings of their own; only the words of Azure Pipelines are read.
  fields.text('name');
  fields.text('vmImage');
  fields.texts('demands');
}
