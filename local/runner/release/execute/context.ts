import type { ApprovalAnswer, ReleaseVariable } from '../../../devops/index.ts';
import type { Decide } from '../../approvals/decide.ts';
import type { AgentContext } from '../../execute/agent.ts';
import type { Person } from '../../execute/options.ts';
import type { ServerTasks } from '../../server/task.ts';
import type { ReleaseClock } from '../clock.ts';
import type { ArtifactType } from '../options.ts';
import type { ReleasePlan } from '../plan.ts';
import type { ReleaseState } from '../state.ts';

/** What the stages of one release share. Agents keep real time; everything else goes by `time`. */
export interface ReleaseContext extends AgentContext {
  readonly plan: ReleasePlan;
  readonly state: ReleaseState;
  readonly time: ReleaseClock;
  readonly projectId: string;
  readonly user: Person;
  readonly decide: Decide;
  readonly letApprovalsExpire: boolean;
  readonly serverTasks: ServerTasks | undefined;
  readonly artifactTypes: readonly ArtifactType[];
  readonly limitJobs: <T>(work: () => Promise<T>) => Promise<T>;
  /** Answers that come over the REST API, by the approval's id. */
  readonly awaited: Map<string, (answer: ApprovalAnswer) => void>;
  /** Stages that were asked for over the REST API. */
  readonly requested: Set<string>;
  /** Keeps on disk what a later continuation needs. */
  readonly saveState: () => void;
}

/** The next number for an approval, a set of gates or a deployment. */
export function nextNumber(state: ReleaseState): number {
  return ++state.lastNumber;
}

/** Names without regard to case: an inner scope replaces an outer one. */
export function mergeVariables(
  ...scopes: readonly (ReadonlyMap<string, ReleaseVariable> | undefined)[]
): Map<string, { readonly name: string } & ReleaseVariable> {
  const all = new Map<string, { readonly name: string } & ReleaseVariable>();
  for (const scope of scopes)
    for (const [name, variable] of scope ?? []) all.set(name.toLowerCase(), { name, ...variable });
  return all;
}
