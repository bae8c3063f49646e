import type { Problem } from '../../../shared/problem/index.ts';
import type { RunSettings } from '../execute/options.ts';
import type { RunRecord } from '../record/model.ts';
import type { ArtifactPlan, ReleasePlan } from './plan.ts';

/** What both a new release and a continued one need from the caller. */
export interface ReleaseSettings extends Omit<RunSettings, 'environments'> {
  /** What extensions bring as artifact types. */
  readonly artifactTypes?: readonly ArtifactType[];
  /** Leaps over the time in which nothing but waiting happens. */
  readonly virtualClock?: boolean;
  /** Lets unanswered approvals run into their time limit. */
  readonly letApprovalsExpire?: boolean;
  /** Stages to deploy by hand: without a trigger of their own, or once more. */
  readonly deploy?: readonly string[];
  /** Whether jobs may change the release, as the right "Manage releases" allows. Default: true. */
  readonly mayManageReleases?: boolean;
}

export interface ReleaseOptions extends ReleaseSettings {
  readonly plan: ReleasePlan;
  /** What was wrong with the definition: named together with what else keeps it from running. */
  readonly problems?: readonly Problem[];
  /** Every release gets a folder `<runsFolder>/<release id>`. */
  readonly runsFolder: string;
  /** Versions by alias; for a build, a folder or the number of a run. */
  readonly artifacts?: Readonly<Record<string, string>>;
  /** Variables set when the release is made; they win over the definition's. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly description?: string;
  /** What made the release; by hand when left out. */
  readonly reason?: NonNullable<RunRecord['release']>['reason'];
  readonly isDraft?: boolean;
  /** Made at the next time of the definition's schedule. */
  readonly scheduled?: boolean;
  /** Default organisation and project: `local`. */
  readonly project?: { readonly organization: string; readonly name: string };
}

/** A kind of artifact an extension brings. */
export interface ArtifactType {
  /** What definitions name in an artifact's `type`. */
  readonly name: string;
  /** The task that brings the files; without it nothing is downloaded. */
  readonly downloadTaskId: string | undefined;
  /** The version to take when none is chosen: the newest that the artifact's settings allow. */
  newest(artifact: ArtifactPlan): Promise<string | undefined>;
}
