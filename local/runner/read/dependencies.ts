import type { Place, Text } from '../plan.ts';
import type { Findings } from './findings.ts';

/** A stage or job that waits for others, by the names as they were written. */
export interface Waiting {
  readonly name: string;
  readonly place: Place;
  readonly dependsOn: readonly Text[];
}

/** Checks that everything waited for exists and that nothing waits for itself; gives back the real names. */
export function resolveDependencies(
  findings: Findings,
  what: string,
  all: readonly Waiting[],
): ReadonlyMap<string, readonly string[]> {
  const names = all.map(({ name }) => name);
  const resolved = new Map(
    all.map((each) => [each.name, each.dependsOn.flatMap((wanted) => found(findings, what, wanted, names))]),
  );
  for (const each of all) {
    const circle = circleFrom(each.name, resolved);
    if (!circle) continue;
    findings.wrong(
      each.place,
      `These ${what}s wait for each other and would never start: ${circle.join(' > ')}.`,
    );
    break;
  }
  return resolved;
}

function found(findings: Findings, what: string, wanted: Text, names: readonly string[]): string[] {
  const name = names.find((known) => known.toLowerCase() === wanted.text.trim().toLowerCase());
  if (name === undefined) findings.unknown(wanted.place, `'dependsOn': the ${what}`, wanted.text, names);
  return name === undefined ? [] : [name];
}

function circleFrom(start: string, edges: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const visited = new Set<string>();
  const search = (name: string, way: readonly string[]): string[] | undefined => {
    for (const next of edges.get(name) ?? []) {
      if (next === start) return [...way, name, start];
      if (visited.has(next)) continue;
      visited.add(next);
      const circle = search(next, [...way, name]);
      if (circle) return circle;
    }
    return undefined;
  };
  return search(start, []);
}
