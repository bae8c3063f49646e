import { Problem } from '../../../../../../shared/problem/index.ts';
import { optional, recordOf } from '../../json.ts';
import type { Json } from '../../records/index.ts';
import { type Binding, bindingsIn } from '../bindings.ts';

const MOST_ITERATIONS = 1000;

/** A step that decides whether, or how often, others run. */
export type Control =
  | {
      readonly kind: 'if_else';
      /** A value, or a binding to one. */
      readonly condition: string;
      readonly whenTrue: readonly string[];
      readonly whenFalse: readonly string[];
    }
  | {
      readonly kind: 'do_while';
      readonly body: string;
      /** The output of the body that asks for one more time. */
      readonly condition?: string;
      /** Outputs of the body, and the inputs they become the next time. */
      readonly mapping: Readonly<Record<string, readonly string[]>>;
      readonly most: number;
    }
  | {
      readonly kind: 'parallel_for';
      readonly body: string;
      /** JSON, or a binding to a text that is JSON. */
      readonly items: string;
      readonly atOnce?: number;
    };

/** Reads a node that is a condition or a loop; undefined when it is neither. */
export function readControl(name: string, type: string, node: Json): Control | undefined {
  switch (type) {
    case 'if_else':
      return {
        kind: type,
        condition: String(node['condition'] ?? 'false'),
        whenTrue: stepsIn(node['true_block']),
        whenFalse: stepsIn(node['false_block']),
      };
    case 'do_while':
      return {
        kind: type,
        body: bodyIn(name, node),
        mapping: mappingOf(recordOf(node['mapping'])),
        most: wholeNumber(recordOf(node['limits'])['max_iteration_count']) ?? MOST_ITERATIONS,
        ...optional('condition', lastWord(node['condition'])),
      };
    case 'parallel_for': {
      const { items } = node;
      return {
        kind: type,
        body: bodyIn(name, node),
        items: typeof items === 'string' ? items : JSON.stringify(items ?? []),
        ...optional('atOnce', wholeNumber(node['max_concurrency'])),
      };
    }
    default:
      return undefined;
  }
}

/** What the node itself waits for. */
export function controlBindings(control: Control): Binding[] {
  switch (control.kind) {
    case 'if_else':
      return bindingsIn(control.condition);
    case 'parallel_for':
      return bindingsIn(control.items);
    case 'do_while':
      return [];
  }
}

/** The step a loop repeats. */
export function bodyOf(control: Control): string | undefined {
  return control.kind === 'if_else' ? undefined : control.body;
}

function bodyIn(name: string, node: Json): string {
  const [body] = stepsIn(node['body']);
  if (body !== undefined) return body;
  throw new Problem({ code: 'input', message: `The loop '${name}' has no body.` });
}

/** `${{parent.jobs.a}}`, or a list of such. */
function stepsIn(value: unknown): string[] {
  const texts = Array.isArray(value) ? value : [value];
  return texts.flatMap((text: unknown) => {
    const step = /^\s*(?:\$\{\{\s*parent\.jobs\.)?([^.{}\s]+)/.exec(
      typeof text === 'string' ? text : '',
    )?.[1];
    return step ?? [];
  });
}

function mappingOf(mapping: Json): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(mapping).map(([output, inputs]) => [
      output,
      (Array.isArray(inputs) ? inputs : [inputs]).flatMap((input: unknown) => lastWord(input) ?? []),
    ]),
  );
}

/** `x` of `${{parent.jobs.body.inputs.x}}`, or of `x` alone. */
function lastWord(value: unknown): string | undefined {
  return typeof value === 'string' ? /([^.{}\s]+)\s*(?:\}\})?\s*$/.exec(value)?.[1] : undefined;
}

function wholeNumber(value: unknown): number | undefined {
  const number = Number(value ?? Number.NaN);
  return Number.isInteger(number) && number > 0 ? number : undefined;
}
