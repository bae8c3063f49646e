import { Problem } from '../../../../../../shared/problem/index.ts';
import type { PipelineStep } from '../model.ts';
import type { Running } from '../running.ts';

/** The step that a loop repeats; the graph was checked, so it is there. */
export function bodyStep({ specification }: Running, name: string): PipelineStep {
  const body = specification.steps.find((step) => step.name === name);
  if (body) return body;
  throw new Problem({ code: 'internal', message: `The step '${name}' of a loop was lost.` });
}
