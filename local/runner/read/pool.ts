import { Fields, type Desk } from './fields.ts';
import type { Bound } from './scope.ts';

/** Whether a job runs without an agent; any other pool is checked and then left aside: its jobs run on this machine. */
export function isServerPool(desk: Desk, bound: Bound | undefined): boolean {
  if (!bound) return false;
  const { node } = desk.expander.resolve(bound);
  return node.kind === 'scalar' && node.text.trim().toLowerCase() === 'server';
}

/** A pool of a pipeline, a stage or a deployment, none of which can be without an agent here. */
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
