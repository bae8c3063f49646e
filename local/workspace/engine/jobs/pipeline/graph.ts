import { Problem } from '../../../../../shared/problem/index.ts';
import { bodyOf } from './control/control.ts';
import type { PipelineStep } from './model.ts';

/** The steps with what conditions and loops add to their order; every step referred to exists, none waits for itself. */
export function connected(steps: readonly PipelineStep[]): PipelineStep[] {
  const all = steps.map((step) => withControl(step, steps));
  checkGraph(all);
  return all;
}

function withControl(step: PipelineStep, steps: readonly PipelineStep[]): PipelineStep {
  const loop = steps.find(({ control }) => control && bodyOf(control) === step.name);
  if (loop) return { ...step, loop: loop.name, after: [loop.name] };
  const body = step.control && bodyOf(step.control);
  if (body !== undefined) return asLoop(step, body, steps);
  const gates = steps.flatMap(({ name, control }) => {
    if (control?.kind !== 'if_else') return [];
    if (control.whenTrue.includes(step.name)) return [{ condition: name, branch: true }];
    return control.whenFalse.includes(step.name) ? [{ condition: name, branch: false }] : [];
  });
  const [gate] = gates;
  return gate ? { ...step, gate, after: [...new Set([...step.after, gate.condition])] } : step;
}

/** A loop waits for what its body takes from elsewhere, and gives what the body gives. */
function asLoop(loop: PipelineStep, name: string, steps: readonly PipelineStep[]): PipelineStep {
  const body = steps.find((step) => step.name === name);
  if (!body) throw wrong(`The loop '${loop.name}' repeats '${name}', and the pipeline has no such step.`);
  const after = [...loop.after, ...body.after].filter((step) => step !== name && step !== loop.name);
  return { ...loop, after: [...new Set(after)], primitives: body.primitives };
}

function checkGraph(steps: readonly PipelineStep[]): void {
  const byName = new Map(steps.map((step) => [step.name, step]));
  for (const step of steps) {
    const unknown = step.after.find((name) => !byName.has(name));
    if (unknown !== undefined)
      throw wrong(
        `The step '${step.name}' takes an output of '${unknown}', and the pipeline has no such step.`,
      );
  }
  const done = new Set<string>();
  for (;;) {
    const ready = steps.filter((step) => !done.has(step.name) && step.after.every((name) => done.has(name)));
    if (ready.length === 0) break;
    ready.forEach((step) => done.add(step.name));
  }
  const left = steps.filter((step) => !done.has(step.name)).map((step) => `'${step.name}'`);
  if (left.length > 0) throw wrong(`The steps ${left.join(', ')} wait for each other in a circle.`);
}

function wrong(message: string): Problem {
  return new Problem({ code: 'input', message, next: 'Correct the bindings of the pipeline.' });
}
