import { expandMacros } from './macros.ts';

export interface VariableFlags {
  readonly isSecret?: boolean;
  readonly isReadOnly?: boolean;
  /** The environment name keeps the case it was written in (`setvariable preserveCase=true`). */
  readonly preserveCase?: boolean;
}

export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly isSecret: boolean;
  readonly isReadOnly: boolean;
  readonly preserveCase: boolean;
}

/** Variables of one job: names without regard to case, values expanded when a step starts. */
export interface VariableStore {
  set(name: string, value: string, flags?: VariableFlags): void;
  /** The value as last expanded. */
  get(name: string): string | undefined;
  find(name: string): Variable | undefined;
  all(): Variable[];
  /** Expands `$( )` in values, recursively; done at the start of every step. `warn` hears of cycles. */
  expand(warn: (message: string) => void): void;
}

/** `$( )` in values of variables reaches at most this deep (azure-pipelines-agent, Constants.Variables.MacroMaxDepth). */
const DEEPEST = 50;

export function createVariables(): VariableStore {
  /** As set, and as expanded at the start of the running step. */
  const raw = new Map<string, Variable>();
  const expanded = new Map<string, Variable>();
  const find = (name: string): Variable | undefined => expanded.get(name.toLowerCase());
  return {
    find,
    get: (name) => find(name)?.value,
    all: () => [...expanded.values()],
    set(name, value, flags = {}) {
      const key = name.toLowerCase();
      const before = raw.get(key);
      const variable: Variable = {
        name: before?.name ?? name,
        value,
        // Once a secret, always a secret.
        isSecret: before?.isSecret === true || flags.isSecret === true,
        isReadOnly: before?.isReadOnly === true || flags.isReadOnly === true,
        preserveCase: flags.preserveCase ?? before?.preserveCase ?? false,
      };
      raw.set(key, variable);
      expanded.set(key, variable);
    },
    expand(warn) {
      for (const [key, variable] of raw) expanded.set(key, expandOne(variable, raw, warn));
    },
  };
}

/** A variable that takes in a secret is a secret itself. */
function expandOne(
  variable: Variable,
  raw: ReadonlyMap<string, Variable>,
  warn: (message: string) => void,
): Variable {
  let isSecret = variable.isSecret;
  const expandText = (text: string, path: readonly string[]): string =>
    expandMacros(text, (name) => {
      const found = raw.get(name.toLowerCase());
      if (!found) return undefined;
      if (path.includes(name.toLowerCase())) {
        warn(
          `The variable '${variable.name}' refers to itself through '${name}'; the reference stays as written.`,
        );
        return undefined;
      }
      if (path.length >= DEEPEST) {
        warn(
          `The variable '${variable.name}' nests more than ${DEEPEST} references; the rest stays as written.`,
        );
        return undefined;
      }
      isSecret ||= found.isSecret;
      return expandText(found.value, [...path, name.toLowerCase()]);
    });
  const value = expandText(variable.value, [variable.name.toLowerCase()]);
  return value === variable.value && isSecret === variable.isSecret
    ? variable
    : { ...variable, value, isSecret };
}

/** How a variable is called in a step's environment: dots and blanks become `_`, then upper case; other marks stay. */
export function environmentName(name: string, preserveCase = false): string {
  const mangled = name.replace(/[. ]/g, '_');
  return preserveCase ? mangled : mangled.toUpperCase();
}
