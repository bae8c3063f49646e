import type { Caller, WorkspaceContext } from '../../context.ts';
import type { Records, RunDocument } from '../../engine/jobs/records/index.ts';
import { userError } from '../../server/failures.ts';
import { canReach } from '../runs/reach.ts';
import { matching, ordering } from './filter.ts';
import { inView, pageBy } from './listing.ts';
import type { Parameters } from './parameters.ts';
import { artifactUri, mlflowStatus, mlflowTags, showRun } from './show.ts';

const MOST_AT_ONCE = 1000;

/** Finds runs of some experiments by MLflow's filter, in the order asked for; newest first otherwise. */
export function searchRuns(
  context: WorkspaceContext,
  records: Records,
  p: Parameters,
  caller: Caller,
): object {
  const view = inView(p.text('run_view_type'));
  const look = (run: RunDocument, group: string, key: string): string | number | undefined =>
    valueIn(context, run, group, key);
  const isWanted = matching(p.text('filter'), look);
  const found = p
    .texts('experiment_ids')
    .flatMap((id) => records.runs.inExperiment(records.experiments.byNameOrId(id)?.id ?? id))
    .filter((run) => view(run.deleted === true) && canReach(records, caller, run) && isWanted(run))
    .sort((one, other) => startOf(other) - startOf(one));
  const sorted = p.texts('order_by').reduceRight((runs, order) => sortedBy(runs, order, look), found);
  const { items, next } = pageBy(sorted, p, MOST_AT_ONCE);
  return { runs: items.map((run) => showRun(context, run)), ...next };
}

/** Stable, so that the first order asked for decides and the later ones break ties; runs without a value come last. */
function sortedBy(
  runs: readonly RunDocument[],
  order: string,
  look: (run: RunDocument, group: string, key: string) => string | number | undefined,
): RunDocument[] {
  const { group, key, descending } = ordering(order);
  return [...runs].sort((one, other) => {
    const [left, right] = [look(one, group, key), look(other, group, key)];
    if (left === undefined || right === undefined) return left === right ? 0 : left === undefined ? 1 : -1;
    const result = left < right ? -1 : left > right ? 1 : 0;
    return descending ? -result : result;
  });
}

function valueIn(
  context: WorkspaceContext,
  run: RunDocument,
  group: string,
  key: string,
): string | number | undefined {
  switch (group) {
    case 'metrics':
      return run.metrics[key]?.value;
    case 'params':
      return run.params[key];
    case 'tags':
      return mlflowTags(run)[key];
    default:
      return attributeOf(context, run, key);
  }
}

function attributeOf(context: WorkspaceContext, run: RunDocument, key: string): string | number | undefined {
  switch (key.toLowerCase().replaceAll(' ', '_')) {
    case 'run_id':
      return run.runId;
    case 'run_name':
      return run.displayName;
    case 'status':
      return mlflowStatus(run.status);
    case 'user_id':
      return run.createdBy.objectId;
    case 'artifact_uri':
      return artifactUri(context, run);
    case 'start_time':
    case 'created':
      return startOf(run);
    case 'end_time':
      return run.endTimeUtc === undefined ? undefined : Date.parse(run.endTimeUtc);
    default:
      throw userError(`Runs cannot be searched by the attribute '${key}'.`);
  }
}

function startOf(run: RunDocument): number {
  return Date.parse(run.startTimeUtc ?? run.createdUtc);
}
