import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { readPipeline, type ReadOptions } from '../../../../local/runner/read/index.ts';
import type { JobPlan, PipelinePlan, StepPlan } from '../../../../local/runner/plan.ts';
import { Problem, Problems } from '../../../../shared/problem/index.ts';

type Options = Partial<Omit<ReadOptions, 'file'>>;
/** The pipeline's text, or several files with `main.yml` as the pipeline. */
type Source = string | Readonly<Record<string, string>>;

/** Reads a pipeline from a folder of its own. */
export async function read(source: Source, options: Options = {}): Promise<PipelinePlan> {
  const folder = mkdtempSync(join(tmpdir(), 'pipeline-'));
  try {
    mkdirSync(join(folder, '.git'));
    for (const [name, text] of Object.entries(typeof source === 'string' ? { 'main.yml': source } : source)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return await readPipeline({ predefined: {}, ...options, file: join(folder, 'main.yml') });
  } catch (error) {
    throw error instanceof Problem
      ? new Problems([within(folder, error)])
      : error instanceof Problems
        ? new Problems(error.all.map((each) => within(folder, each)))
        : error;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function within(folder: string, problem: Problem): Problem {
  const file = problem.place?.file;
  const named = file?.startsWith(folder) ? relative(folder, file) : file;
  const { code, next, place } = problem;
  return new Problem({
    code,
    message: problem.message.replaceAll(`${folder}/`, ''),
    ...(next === undefined ? {} : { next: next.replaceAll(`${folder}/`, '') }),
    ...(place ? { place: { ...place, ...(named === undefined ? {} : { file: named }) } } : {}),
  });
}

/** What is wrong with a pipeline, as `file:line:column message | next`. */
export async function problemsIn(source: Source, options: Options = {}): Promise<string[]> {
  try {
    await read(source, options);
    return [];
  } catch (error) {
    if (!(error instanceof Problems)) throw error;
    return error.all.map(({ place, message, next }) => {
      const at = [place?.file, place?.line, place?.column].filter((part) => part !== undefined).join(':');
      return `${at} ${message}${next === undefined ? '' : ` | ${next}`}`;
    });
  }
}

/** All jobs in order. */
export function jobsOf(plan: PipelinePlan): JobPlan[] {
  return plan.stages.flatMap((stage) => [...stage.jobs]);
}

/** All steps in order, without the checkout and download that are implied. */
export function stepsOf(plan: PipelinePlan): StepPlan[] {
  const all = jobsOf(plan).flatMap((job) =>
    job.kind === 'deployment'
      ? job.hooks.flatMap((hook) => [...hook.steps])
      : job.kind === 'job'
        ? [...job.steps]
        : [],
  );
  return all.filter((step) => step.kind !== 'checkout' && step.kind !== 'download');
}

/** What every script step runs. */
export function scriptsOf(plan: PipelinePlan): string[] {
  return stepsOf(plan).flatMap((step) => (step.kind === 'script' ? [step.script.text] : []));
}

/** Variables as plain text. */
export function variablesOf(holder: {
  readonly variables: PipelinePlan['variables'];
}): Record<string, string> {
  return Object.fromEntries([...holder.variables].map(([name, { value }]) => [name, value.text]));
}
