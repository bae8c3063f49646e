import type { Person } from './builds.ts';

/** A person as the API refers to one. */
export function identityJson(person: Person): object {
  return { displayName: person.displayName, uniqueName: person.uniqueName, id: identityId(person) };
}

/** A made-up but stable id: people here have names only. */
export function identityId({ uniqueName }: Person): string {
  const hex = Buffer.from(uniqueName.toLowerCase()).toString('hex').padEnd(32, '0').slice(0, 32);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
