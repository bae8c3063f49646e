import canonicalize from 'canonicalize';
import { createHash } from 'node:crypto';
import type { Json, RunDocument } from '../records/index.ts';
import { type Assets, parseReference } from '../references/index.ts';
import { type JobInput, type JobOutput, outputsOf } from '../specification.ts';
import type { JobTools } from '../tools.ts';
import type { PipelineSpecification, PipelineStep } from './model.ts';
import { chosenOutputs } from './step.ts';

const REUSABLE = ['command', 'parallel'];
const COLLECTION = 'stepReuse';

export interface BoundForReuse {
  readonly step: PipelineStep;
  readonly pipeline: PipelineSpecification;
  readonly inputs: Readonly<Record<string, JobInput>>;
  readonly job: Json;
}

/** What makes a step's result the same: what runs, on what, with what. Undefined for steps that always run. */
export function reuseKey({ step, pipeline, inputs, job }: BoundForReuse, assets: Assets): string | undefined {
  const { component, node } = step;
  if (!REUSABLE.includes(step.type) || pipeline.forceRerun || component['is_deterministic'] === false)
    return undefined;
  const { computeId: _compute, outputs: _outputs, codeId, ...rest } = job;
  const what = {
    ...rest,
    type: step.type,
    inputs,
    code: typeof codeId === 'string' ? contentOf(codeId, assets) : null,
    outputs: outputsAsked(step, pipeline),
    // A parallel step's settings stand beside its command.
    settings: step.type === 'parallel' ? [component, node] : null,
  };
  return createHash('sha256')
    .update(canonicalize(plain(what)) ?? '')
    .digest('hex');
}

/** What an earlier step of this key gave, when it is still there. */
export function readyOutputs(
  key: string,
  { context, records }: JobTools,
): { readonly original: RunDocument; readonly outputs: Readonly<Record<string, JobOutput>> } | undefined {
  const runId = context.store.collection<string>(COLLECTION).get(key);
  const original = runId === undefined ? undefined : records.runs.get(runId);
  const job = runId === undefined ? undefined : records.jobs.get(runId);
  if (!original || !job || original.deleted || original.status !== 'Completed') return undefined;
  return { original, outputs: outputsOf(job.properties['outputs']) };
}

export async function rememberStep(key: string, runId: string, { context }: JobTools): Promise<void> {
  await context.store.collection<string>(COLLECTION).put(key, runId);
}

/** Only an address that somebody chose counts; those that are made hold the run's id. */
function outputsAsked({ outputs }: Pick<PipelineStep, 'outputs'>, pipeline: PipelineSpecification): Json {
  const chosen = chosenOutputs({ outputs }, pipeline);
  const asked = Object.entries(outputs).map(([name, { binding: _, ...output }]) => [
    name,
    { ...output, uri: chosen[name] ?? null },
  ]);
  return Object.fromEntries(asked);
}

/** The same files make the same code, under whatever name they were sent. */
function contentOf(codeId: string, assets: Assets): string {
  const reference = parseReference(codeId, 'codes');
  return (reference.kind === 'asset' ? assets.stored(reference)?.hash : undefined) ?? codeId;
}

/** Absent and undefined members are the same. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
