import { Real, type Draft, type DraftMap } from '../../compilation.ts';
import type { YamlNode } from '../../document/node.ts';
import { draft, isDraftMap, seconds } from '../../draft.ts';
import { boolean, integer, number, oneOf, oneOfSnake, text } from '../../fields/basic.ts';
import { listOf, members, type Shape } from '../../fields/collections.ts';
import { mapped, type Field } from '../../fields/field.ts';
import type { Scope } from '../../fields/scope.ts';
import { bindable } from '../pipeline/binding.ts';

/** A job of its own is sent in the API's words, a step of a pipeline in the file's. */
export type Mode = 'job' | 'step';

/** One setting of AutoML: how it is read into the file's words, and what those are in the API's. */
export interface Setting {
  field(mode: Mode): Field<Draft>;
  /** The value for a job of its own; undefined where nothing is sent for it. */
  rest(value: Draft): Draft | undefined;
  /** The API's name where it is not the file's in camel case. */
  readonly name?: string;
}

export type Settings = Readonly<Record<string, Setting>>;

/** A float stays one, so that Python's `1.0` is written where specifications are hashed. */
export const real: Field<Draft> = mapped(number, (value) => new Real(value));

/** A value that both forms send alike; in a step it may be bound to an input of the pipeline. */
export function plain(field: Field<Draft>, name?: string): Setting {
  return {
    field: (mode) => (mode === 'step' ? bindable(field) : field),
    rest: (value) => value,
    ...(name === undefined ? {} : { name }),
  };
}

export const aText = plain(text);
export const anInteger = plain(integer);
export const aReal = plain(real);
export const aBoolean = plain(boolean);
export const someTexts = plain(listOf(text));

/** A word the API spells in its own way: `light_gbm` is `LightGBM` there. Both spellings are read. */
export function word(words: Readonly<Record<string, string>>): Setting {
  return {
    ...plain(oneOfSnake(Object.keys(words))),
    rest: (value) => (typeof value === 'string' ? (words[value] ?? value) : value),
  };
}

/** A word that both forms send in small letters; `off` without quotes is a truth value, not a word. */
export function lowerWord(words: readonly string[]): Setting {
  const field = oneOf(words);
  return plain({
    ...field,
    read(node, scope) {
      const isTruth = node.kind === 'scalar' && node.type === 'bool';
      return isTruth ? scope.unexpected(node, `${field.expected} (in quotes)`) : field.read(node, scope);
    },
  });
}

export function listOfSetting(setting: Setting): Setting {
  return {
    field: (mode) => listOf(setting.field(mode)),
    rest: (value) => (Array.isArray(value) ? value.map((item: Draft) => setting.rest(item) ?? null) : value),
  };
}

/** Whole minutes, sent as a duration; none are left out. */
export function minutes(name: string): Setting {
  return {
    ...plain(integer, name),
    rest: (value) => (typeof value === 'number' ? seconds(value * 60) : value),
  };
}

/** `auto` or a value of one's own, which the API tells apart by a mode. */
export function autoOr(field: Field<Draft>, valueName: string): Setting {
  return {
    ...plain(autoField(field)),
    rest(value) {
      if (value === 'auto') return { mode: 'Auto' };
      const values = valueName === 'values' && !Array.isArray(value) ? [value] : value;
      const isNothing = value === 0 || (Array.isArray(value) && value.length === 0);
      return isNothing ? undefined : { mode: 'Custom', [valueName]: values };
    },
  };
}

function autoField(field: Field<Draft>): Field<Draft> {
  return {
    expected: `'auto' or ${field.expected}`,
    read(node, scope) {
      const isAuto = node.kind === 'scalar' && node.type === 'str' && node.value.toLowerCase() === 'auto';
      if (isAuto) return 'auto';
      const value = field.read(node, scope.apart());
      return value ?? scope.unexpected(node, this.expected);
    },
  };
}

/** Settings of a group: `defaults` are sent where the file says nothing, `rest` also adds what only jobs need. */
export function group(settings: Settings, { always = {} }: { always?: DraftMap } = {}): Setting {
  return {
    field: (mode) => ({
      expected: 'a mapping',
      read: (node, scope) => readSettings(node, scope, { settings, mode }),
    }),
    rest: (value) => (isDraftMap(value) ? { ...restSettings(value, settings), ...always } : value),
  };
}

/** The members of a mapping in the file's words; unknown ones are reported. */
function readSettings(
  node: YamlNode,
  scope: Scope,
  { settings, mode }: { settings: Settings; mode: Mode },
): DraftMap | undefined {
  const read = members(node, scope, shapeOf(settings, mode));
  return read && draft(read as Record<string, Draft | undefined>);
}

export function shapeOf(settings: Settings, mode: Mode): Shape {
  return Object.fromEntries(Object.entries(settings).map(([key, setting]) => [key, setting.field(mode)]));
}

/** Settings as the API names and spells them. */
export function restSettings(values: DraftMap, settings: Settings): DraftMap {
  const entries = Object.entries(values).flatMap(([key, value]) => {
    const setting = settings[key];
    const rest = setting?.rest(value);
    return rest === undefined ? [] : [[setting?.name ?? camelCase(key), rest] as const];
  });
  return Object.fromEntries(entries);
}

/** `step_lr_gamma` -> `stepLRGamma`: the API writes LR in capitals where it stands inside a name. */
export function camelCase(key: string): string {
  return key
    .replace(/_lr_/g, '_LR_')
    .replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
    .replace(/_LR/g, 'LR')
    .replaceAll('_', '');
}
