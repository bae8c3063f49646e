import type { WorkspaceContext } from '../../context.ts';
import { type ExperimentDocument, recordsIn } from '../../engine/jobs/records/index.ts';
import { conflict, notFound, userError } from '../../server/failures.ts';
import type { MlflowCall } from './call.ts';
import { matching } from './filter.ts';
import { inView, pageBy } from './listing.ts';
import { showExperiment } from './show.ts';

/** MLflow's experiments. */
export function experimentCalls(context: WorkspaceContext): readonly MlflowCall[] {
  const { experiments } = recordsIn(context.store);
  const now = (): Date => context.clock.now();
  const find = (experiment: ExperimentDocument | undefined, name: string): ExperimentDocument => {
    if (experiment) return experiment;
    throw notFound(`The experiment '${name}'`);
  };
  const byId = (id: string): ExperimentDocument => find(experiments.byId(id), id);
  const setDeleted = async (id: string, deleted: boolean): Promise<object> => {
    byId(id);
    await experiments.update(id, (known) => ({ ...known, deleted, lastModifiedUtc: now().toISOString() }));
    return {};
  };
  return [
    [
      'GET',
      'experiments/get',
      async (p) => ({ experiment: showExperiment(context, byId(p.needed('experiment_id'))) }),
    ],
    [
      'GET',
      'experiments/get-by-name',
      async (p) => {
        const name = p.needed('experiment_name');
        return { experiment: showExperiment(context, find(experiments.byName(name), name)) };
      },
    ],
    [
      'POST',
      'experiments/create',
      async (p) => {
        const name = p.needed('name');
        if (experiments.byName(name)) throw conflict(`The experiment '${name}' already exists.`);
        const { id } = await experiments.ensure(name, now(), p.pairs('tags'));
        return { experiment_id: id };
      },
    ],
    [['GET', 'POST'], 'experiments/search', async (p) => searchExperiments(context, experiments.all(), p)],
    [['GET', 'POST'], 'experiments/list', async (p) => searchExperiments(context, experiments.all(), p)],
    ['POST', 'experiments/delete', async (p) => setDeleted(p.needed('experiment_id'), true)],
    ['POST', 'experiments/restore', async (p) => setDeleted(p.needed('experiment_id'), false)],
    [
      'POST',
      'experiments/update',
      async (p) => {
        const [{ id }, name] = [byId(p.needed('experiment_id')), p.text('new_name')];
        if (name !== undefined && !(await experiments.rename(id, name, now())))
          throw conflict(`The experiment '${name}' already exists.`);
        return {};
      },
    ],
    [
      'POST',
      'experiments/set-experiment-tag',
      async (p) => {
        const { id } = byId(p.needed('experiment_id'));
        const tag = { [p.needed('key')]: p.text('value') ?? '' };
        await experiments.update(id, (known) => ({ ...known, tags: { ...known.tags, ...tag } }));
        return {};
      },
    ],
  ];
}

type Searching = Parameters<MlflowCall[2]>[0];

function searchExperiments(
  context: WorkspaceContext,
  all: readonly ExperimentDocument[],
  p: Searching,
): object {
  const isWanted = matching(p.text('filter'), (experiment: ExperimentDocument, group, key) => {
    if (group === 'tags') return experiment.tags[key];
    if (key === 'name') return experiment.name;
    if (key === 'creation_time') return Date.parse(experiment.createdUtc);
    if (key === 'last_update_time') return Date.parse(experiment.lastModifiedUtc);
    throw userError(`Experiments cannot be searched by '${group}.${key}'.`);
  });
  const view = inView(p.text('view_type'));
  const found = all
    .filter((experiment) => view(experiment.deleted === true) && isWanted(experiment))
    .sort((one, other) => other.createdUtc.localeCompare(one.createdUtc));
  const { items, next } = pageBy(found, p, 1000);
  return { experiments: items.map((experiment) => showExperiment(context, experiment)), ...next };
}
