import type { ReleaseVariable, ReleaseVariables } from '../releases.ts';

/** Secrets leave the server without their value. */
export function variablesJson(variables: ReleaseVariables): Record<string, object> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, { value, isSecret, allowOverride }]) => [
      name,
      {
        value: isSecret ? null : value,
        ...(isSecret && { isSecret }),
        ...(allowOverride && { allowOverride }),
      },
    ]),
  );
}

/** Variables a caller sends: all that shall be there. A secret without a value keeps the one it had. */
export function readVariables(json: unknown, before: ReleaseVariables): ReleaseVariables {
  if (typeof json !== 'object' || json === null) return {};
  return Object.fromEntries(
    Object.entries(json).map(([name, one]) => [name, readVariable(one, named(before, name))]),
  );
}

function readVariable(json: unknown, before: ReleaseVariable | undefined): ReleaseVariable {
  const given = new Map<string, unknown>(
    typeof json === 'object' && json !== null ? Object.entries(json) : [],
  );
  const [value, isSecret] = [given.get('value'), given.get('isSecret') === true];
  const kept = isSecret && before?.isSecret ? before.value : '';
  return {
    value: value === null || value === undefined ? kept : String(value),
    isSecret,
    allowOverride: given.get('allowOverride') === true,
  };
}

function named(variables: ReleaseVariables, name: string): ReleaseVariable | undefined {
  return Object.entries(variables).find(([known]) => known.toLowerCase() === name.toLowerCase())?.[1];
}
