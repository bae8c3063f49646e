import { Problem } from '../../../../../shared/problem/index.ts';

const PLACEHOLDER = /\$\{\{\s*([^{}]*?)\s*\}\}/g;
const OPTIONAL_PART = /\$\[\[([\s\S]*?)\]\]/g;

/** Values by group: `inputs`, `outputs`, `search_space`. */
export type PlaceholderValues = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Puts values in the place of `${{inputs.x}}` and the like; a part in `$[[ ]]` is dropped when a value of it is missing. */
export function resolvePlaceholders(text: string, values: PlaceholderValues): string {
  const withParts = text.replace(OPTIONAL_PART, (_, part: string) =>
    placeholdersIn(part).every((name) => valueOf(name, values) !== undefined) ? part : '',
  );
  return withParts.replace(PLACEHOLDER, (_, name: string) => valueOf(name, values) ?? unknown(name));
}

/** The names in `${{ }}`, for example `inputs.data`. */
function placeholdersIn(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '');
}

/** The names that must have a value: those outside `$[[ ]]`. */
export function requiredPlaceholders(text: string): string[] {
  return placeholdersIn(text.replace(OPTIONAL_PART, ''));
}

function valueOf(name: string, values: PlaceholderValues): string | undefined {
  const [group = '', member = ''] = name.split('.', 2);
  const members = values[group];
  return members && Object.hasOwn(members, member) ? members[member] : undefined;
}

function unknown(name: string): never {
  throw new Problem({
    code: 'input',
    message: `The command refers to '\${{${name}}}', which the job does not define.`,
    next: 'Define it under inputs or outputs, or correct the command.',
  });
}
