import { randomUUID } from 'node:crypto';
import type { Caller, WorkspaceContext } from '../../context.ts';
import { recordsIn, type Records, type RunDocument } from '../../engine/jobs/records/index.ts';
import { notFound, userError } from '../../server/failures.ts';
import { anyReachableRun, reachableRun } from '../runs/reach.ts';
import type { MlflowCall } from './call.ts';
import type { Parameters } from './parameters.ts';
import { searchRuns } from './searchRuns.ts';
import { runStatus, showRun, showRunInfo } from './show.ts';

const PARENT_TAG = 'mlflow.parentRunId';
const NAME_TAG = 'mlflow.runName';

/** MLflow's runs: create, get, update, delete, restore, search. */
export function runCalls(context: WorkspaceContext): readonly MlflowCall[] {
  const records = recordsIn(context.store);
  const setDeleted = async (p: Parameters, caller: Caller, deleted: boolean): Promise<object> => {
    const { runId } = anyReachableRun(records, caller, p.runId());
    await records.runs.update(runId, context.clock.now(), (run) => ({ ...run, deleted }));
    return {};
  };
  return [
    [
      'POST',
      'runs/create',
      async (p, caller) => ({ run: showRun(context, await createRun(context, records, p, caller)) }),
    ],
    [
      'GET',
      'runs/get',
      async (p, caller) => ({ run: showRun(context, anyReachableRun(records, caller, p.runId())) }),
    ],
    ['POST', 'runs/update', async (p, caller) => updateRun(context, records, p, caller)],
    ['POST', 'runs/delete', async (p, caller) => setDeleted(p, caller, true)],
    ['POST', 'runs/restore', async (p, caller) => setDeleted(p, caller, false)],
    ['POST', 'runs/search', async (p, caller) => searchRuns(context, records, p, caller)],
  ];
}

async function createRun(
  context: WorkspaceContext,
  records: Records,
  p: Parameters,
  caller: Caller,
): Promise<RunDocument> {
  const now = context.clock.now();
  const tags = p.pairs('tags');
  const parent = tags[PARENT_TAG] === undefined ? undefined : reachableRun(records, caller, tags[PARENT_TAG]);
  const experiment = experimentFor(context, records, p, parent);
  const { id, name } = (await experiment) ?? notFoundExperiment(p);
  const start = p.number('start_time');
  const displayName = p.text('run_name') ?? tags[NAME_TAG] ?? friendlyName();
  return records.runs.create(
    {
      runId: randomUUID(),
      experimentId: id,
      experimentName: name,
      status: 'Running',
      ofJob: false,
      displayName,
      tags: without(tags, [PARENT_TAG, NAME_TAG]),
      startTimeUtc: (start === undefined ? now : new Date(start)).toISOString(),
      createdBy: { objectId: caller.subject, name: caller.name },
      ...(parent ? { parentRunId: parent.runId } : {}),
      ...(caller.runId === undefined ? {} : { createdInRun: caller.runId }),
    },
    now,
  );
}

/** The experiment that is named; else the parent's; else the default one. */
async function experimentFor(
  context: WorkspaceContext,
  records: Records,
  p: Parameters,
  parent: RunDocument | undefined,
) {
  const id = p.text('experiment_id') ?? parent?.experimentId;
  // Clients that know of no experiment send MLflow's own default, 0.
  if (id === undefined || id === '0') return records.experiments.ensure('Default', context.clock.now());
  return records.experiments.byNameOrId(id);
}

function notFoundExperiment(p: Parameters): never {
  throw notFound(`The experiment '${p.text('experiment_id')}'`);
}

/** A run that a job leads keeps its status: its job decides it. */
async function updateRun(
  context: WorkspaceContext,
  records: Records,
  p: Parameters,
  caller: Caller,
): Promise<object> {
  const run = reachableRun(records, caller, p.runId());
  const word = p.text('status');
  const status = word === undefined ? undefined : runStatus(word);
  if (word !== undefined && status === undefined)
    throw userError(`The status '${word}' is not one that MLflow has.`);
  const [name, end] = [p.text('run_name'), p.number('end_time')];
  const now = context.clock.now();
  if (name !== undefined)
    await records.runs.update(run.runId, now, (known) => ({ ...known, displayName: name }));
  if (status !== undefined && !run.ofJob) {
    const also = end === undefined ? {} : { endTimeUtc: new Date(end).toISOString() };
    await records.runs.update(run.runId, now, (known) => ({ ...known, ...also, status }));
  }
  return { run_info: showRunInfo(context, records.runs.get(run.runId) ?? run) };
}

function without(map: Readonly<Record<string, string>>, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));
}

const FIRST = ['amber', 'brave', 'calm', 'eager', 'gentle', 'ivory', 'keen', 'lucid', 'quiet', 'sunny'];
const SECOND = [
  'birch',
  'comet',
  'falcon',
  'harbor',
  'lantern',
  'meadow',
  'otter',
  'pebble',
  'river',
  'willow',
];

/** A name for a run that was given none. */
function friendlyName(): string {
  const pick = (words: readonly string[]): string => words[Math.floor(Math.random() * words.length)] ?? '';
  return `${pick(FIRST)}_${pick(SECOND)}_${randomUUID().slice(0, 8)}`;
}
