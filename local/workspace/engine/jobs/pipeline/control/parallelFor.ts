import { stringify } from 'yaml';
import { Problem } from '../../../../../../shared/problem/index.ts';
import { isRecord, mapRecord } from '../../json.ts';
import { outputUri } from '../../outputs.ts';
import { locate } from '../../references/index.ts';
import { Slots } from '../../slots.ts';
import type { JobInput, JobOutput } from '../../specification.ts';
import type { RunEnd } from '../../tools.ts';
import { assetType } from '../component.ts';
import type { PipelineStep } from '../model.ts';
import { stepInput } from '../readStep.ts';
import type { Running } from '../running.ts';
import { runStepOnce, type StepResult } from '../runStepOnce.ts';
import { boundValue } from '../step.ts';
import { valueAt } from '../values.ts';
import { bodyStep } from './body.ts';
import type { Control } from './control.ts';

type ParallelFor = Extract<Control, { kind: 'parallel_for' }>;

/** Runs a step once for every item, side by side, and gathers what they give. */
export async function forEach(running: Running, loop: PipelineStep, control: ParallelFor): Promise<RunEnd> {
  const { stop } = running;
  const body = bodyStep(running, control.body);
  const items = await itemsOf(running, loop, body, control);
  const slots = new Slots(control.atOnce ?? Math.max(1, items.length));
  const results = await Promise.all(
    items.map(async (given): Promise<StepResult> => {
      const release = await slots.acquire(stop.signal);
      try {
        return await runStepOnce(running, body, given);
      } finally {
        release();
      }
    }),
  );
  const failed = results.find(({ end }) => end.status !== 'Completed');
  if (failed) return failed.end;
  running.outputs.set(loop.name, await gathered(running, loop, body, results));
  return { status: 'Completed' };
}

/** Items are a list, or named, of inputs for the body. */
async function itemsOf(
  { specification: pipeline, outputs: done, tools }: Running,
  loop: PipelineStep,
  body: PipelineStep,
  { items }: ParallelFor,
): Promise<Record<string, JobInput>[]> {
  const text = await boundValue(loop.name, items, { pipeline, done, places: tools.places });
  const list = listIn(loop.name, text);
  const declared = mapRecord(body.component['inputs'], (input) => assetType(input['type']));
  return list.map((item) =>
    Object.fromEntries(Object.entries(item).map(([name, value]) => [name, stepInput(value, declared[name])])),
  );
}

function listIn(loop: string, text: string): Readonly<Record<string, unknown>>[] {
  const wrong = new Problem({
    code: 'input',
    message: `The items of the loop '${loop}' are no JSON list of objects: ${text.slice(0, 100)}`,
    next: 'Give a list such as [{"x": 1}, {"x": 2}].',
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong;
  }
  const list: unknown[] = Array.isArray(value) ? value : Object.values(isRecord(value) ? value : {});
  if (!list.every(isRecord)) throw wrong;
  return list;
}

/** Assets of all iterations make one table of paths, values one JSON list. */
async function gathered(
  running: Running,
  loop: PipelineStep,
  body: PipelineStep,
  results: readonly StepResult[],
): Promise<Record<string, JobOutput>> {
  const { run, specification, tools } = running;
  const all: Record<string, JobOutput> = {};
  for (const [name, declared] of Object.entries(body.outputs)) {
    const uris = results.flatMap(({ outputs }) => outputs[name]?.uri ?? []);
    const isValue = body.primitives.includes(name);
    const type = isValue ? 'uri_file' : 'mltable';
    const uri = outputUri(run.runId, `${loop.name}_${name}`, { type }, specification.defaultDatastore);
    const content = isValue
      ? JSON.stringify(await Promise.all(uris.map((one) => valueAt(one, tools.places))))
      : tableOf(uris, declared.type);
    const location = locate(isValue ? uri : `${uri}MLTable`, tools.places);
    if (location.kind === 'blob')
      await tools.places.storage.upload(location.container, location.path, content);
    all[name] = { type, uri };
  }
  return all;
}

function tableOf(uris: readonly string[], type: string): string {
  const member = type === 'uri_file' ? 'file' : 'folder';
  return stringify({ type: 'mltable', paths: uris.map((uri) => ({ [member]: uri })) });
}
