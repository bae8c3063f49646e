import { Problem } from '../../../../../shared/problem/index.ts';
import type { JobInput } from '../specification.ts';

/** What a value of a step refers to. */
export type Binding =
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'output'; readonly name: string }
  | { readonly kind: 'step-output'; readonly step: string; readonly output: string };

const WHOLE = /^\s*\$\{\{\s*([^{}]+?)\s*\}\}\s*$/;
const PART = /\$\{\{\s*([^{}]+?)\s*\}\}/g;

/** The binding that a value consists of; undefined when it is plain text or text with bindings in it. */
export function bindingOf(value: string): Binding | undefined {
  const expression = WHOLE.exec(value)?.[1];
  return expression === undefined ? undefined : readBinding(expression);
}

/** Every binding in a text. */
export function bindingsIn(value: string): Binding[] {
  return [...value.matchAll(PART)].flatMap((match) => readBinding(match[1] ?? '') ?? []);
}

/** Puts literals in the place of `${{parent.inputs.x}}` within a longer text. */
export function filledText(value: string, inputs: Readonly<Record<string, JobInput>>): string {
  return value.replace(PART, (whole, expression: string) => {
    const binding = readBinding(expression);
    if (binding?.kind !== 'input') return whole;
    const input = inputs[binding.name];
    return input?.value ?? input?.uri ?? '';
  });
}

function readBinding(expression: string): Binding | undefined {
  const words = expression.split('.');
  if (words[0] !== 'parent') return undefined;
  // Inputs in groups have dots in their names.
  if (words[1] === 'inputs') return { kind: 'input', name: words.slice(2).join('.') };
  if (words[1] === 'outputs') return { kind: 'output', name: words.slice(2).join('.') };
  if (words[1] === 'jobs' && words[3] === 'outputs') {
    return { kind: 'step-output', step: words[2] ?? '', output: words.slice(4).join('.') };
  }
  throw new Problem({
    code: 'input',
    message: `The expression '\${{${expression}}}' is not one that pipelines have.`,
    next: 'Use ${{parent.inputs.x}}, ${{parent.outputs.x}} or ${{parent.jobs.step.outputs.x}}.',
  });
}
