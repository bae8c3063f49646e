import type { Findings } from '../../read/findings.ts';
import type { ScopedVariable, ScopedVariables } from '../plan.ts';
import type { Json } from './json.ts';

/** The variables of a definition or a stage, over those of the groups a release carries with it. */
export function readVariables(owner: Json): ScopedVariables {
  const groups = owner.get('variableGroups').items();
  const scopes = [...groups.filter(isWhole), owner].map((one) => one.get('variables'));
  return new Map(scopes.flatMap((scope) => scope.members().map(([name, one]) => [name, variableOf(one)])));
}

function variableOf(json: Json): ScopedVariable {
  const value = json.get('value');
  const isSecret = json.get('isSecret').flag();
  return {
    value: value.isThere ? value.text() : isSecret ? undefined : '',
    isSecret,
    allowOverride: json.get('allowOverride').flag(),
  };
}

/** A definition only has the numbers of its groups; what is in them stays with the service. */
export function refuseGroups(groups: Json, findings: Findings): void {
  for (const group of groups.items().filter((one) => !isWhole(one))) {
    findings.unsupported(
      group.place,
      `The variable group ${group.text()}, whose values an export leaves out,`,
      'Write its variables into the definition.',
    );
  }
}

function isWhole(group: Json): boolean {
  return typeof group.value === 'object' && group.get('variables').isThere;
}
