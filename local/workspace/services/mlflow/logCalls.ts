import type { Caller, WorkspaceContext } from '../../context.ts';
import { recordsIn, type LogBatch, type NamedPoint } from '../../engine/jobs/records/index.ts';
import { userError } from '../../server/failures.ts';
import { reachableRun } from '../runs/reach.ts';
import type { MlflowCall } from './call.ts';
import { pageBy } from './listing.ts';
import type { Parameters } from './parameters.ts';
import { showPoint } from './show.ts';

const NAME_TAG = 'mlflow.runName';
const MODELS_TAG = 'mlflow.log-model.history';
const MOST_METRICS = 1000;
const MOST_PARAMS_OR_TAGS = 100;
const LONGEST_KEY = 250;

/** What a run logs: metrics, parameters, tags, datasets, models. */
export function logCalls(context: WorkspaceContext): readonly MlflowCall[] {
  const records = recordsIn(context.store);
  const log = async (p: Parameters, caller: Caller, batch: LogBatch): Promise<object> => {
    const { runId, params } = reachableRun(records, caller, p.runId());
    checkBatch(batch, params);
    await records.metrics.log(runId, batch, context.clock.now());
    const name = batch.tags?.[NAME_TAG];
    if (name !== undefined)
      await records.runs.update(runId, context.clock.now(), (run) => ({ ...run, displayName: name }));
    return {};
  };
  const logBatch = (p: Parameters, caller: Caller): Promise<object> =>
    log(p, caller, {
      metrics: p.objects('metrics').map((metric) => pointOf(metric, context)),
      params: p.pairs('params'),
      tags: p.pairs('tags'),
    });
  return [
    ['POST', 'runs/log-metric', (p, caller) => log(p, caller, { metrics: [pointOf(p, context)] })],
    [
      'POST',
      'runs/log-parameter',
      (p, caller) => log(p, caller, { params: { [p.needed('key')]: p.text('value') ?? '' } }),
    ],
    [
      'POST',
      'runs/set-tag',
      (p, caller) => log(p, caller, { tags: { [p.needed('key')]: p.text('value') ?? '' } }),
    ],
    ['POST', 'runs/log-batch', logBatch],
    // An empty tracking id tells the plugin that everything is stored already.
    [
      'POST',
      'runs/log-batch-async',
      async (p, caller) => ({ ...(await logBatch(p, caller)), batch_tracking_id: '' }),
    ],
    ['GET', 'runs/get-run-data-status', async () => ({ is_complete: true })],
    [
      'POST',
      'runs/delete-tag',
      async (p, caller) => {
        const { runId } = reachableRun(records, caller, p.runId());
        const key = p.needed('key');
        await records.runs.update(runId, context.clock.now(), (run) => ({
          ...run,
          tags: Object.fromEntries(Object.entries(run.tags).filter(([name]) => name !== key)),
        }));
        return {};
      },
    ],
    [
      'POST',
      'runs/log-model',
      async (p, caller) => {
        const run = reachableRun(records, caller, p.runId());
        const history = parsed(run.tags[MODELS_TAG] ?? '[]');
        const model = parsed(p.needed('model_json'));
        const models = JSON.stringify([...(Array.isArray(history) ? history : []), model]);
        return log(p, caller, { tags: { [MODELS_TAG]: models } });
      },
    ],
    [
      'POST',
      'runs/log-inputs',
      async (p, caller) => {
        const { runId } = reachableRun(records, caller, p.runId());
        const datasets = p
          .list('datasets')
          .filter((item): item is Record<string, unknown> => typeof item === 'object' && item !== null);
        await records.runs.update(runId, context.clock.now(), (run) => ({
          ...run,
          datasetInputs: [...(run.datasetInputs ?? []), ...datasets],
        }));
        return {};
      },
    ],
    [
      'GET',
      'metrics/get-history',
      async (p, caller) => {
        const { runId } = reachableRun(records, caller, p.runId());
        const key = p.needed('metric_key');
        const { items, next } = pageBy(records.metrics.history(runId, key), p, 25_000);
        return { metrics: items.map((point) => showPoint(key, point)), ...next };
      },
    ],
  ];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw userError("Invalid value for parameter 'model_json' supplied: it must be JSON.");
  }
}

function pointOf(p: Parameters, { clock }: WorkspaceContext): NamedPoint {
  const value = p.number('value');
  if (value === undefined) throw userError("Missing value for required parameter 'value'.");
  return {
    key: p.needed('key'),
    value,
    timestamp: p.number('timestamp') ?? clock.now().getTime(),
    step: p.number('step') ?? 0,
  };
}

/** MLflow's limits, and its rule that a parameter keeps its value. */
function checkBatch(
  { metrics = [], params = {}, tags = {} }: LogBatch,
  known: Readonly<Record<string, string>>,
): void {
  if (metrics.length > MOST_METRICS) throw tooMany('metrics', MOST_METRICS, metrics.length);
  for (const [what, map] of [
    ['params', params],
    ['tags', tags],
  ] as const) {
    if (Object.keys(map).length > MOST_PARAMS_OR_TAGS)
      throw tooMany(what, MOST_PARAMS_OR_TAGS, Object.keys(map).length);
  }
  for (const key of [...metrics.map((metric) => metric.key), ...Object.keys(params), ...Object.keys(tags)]) {
    if (key.length > LONGEST_KEY)
      throw userError(`The name '${key.slice(0, 40)}...' is longer than ${LONGEST_KEY} characters.`);
    if (key.includes('\n')) throw userError(`The name '${key.replaceAll('\n', ' ')}' has a line break.`);
  }
  for (const [key, value] of Object.entries(params)) {
    const old = known[key];
    if (old !== undefined && old !== value) {
      throw userError(
        `Changing param values is not allowed. Param with key='${key}' was already logged with value='${old}'. Attempted logging new value '${value}'.`,
      );
    }
  }
}

function tooMany(what: string, most: number, count: number): Error {
  return userError(`A batch logging request can contain at most ${most} ${what}. Got ${count} ${what}.`);
}
