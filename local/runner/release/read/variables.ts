import type { ScopedVariable, ScopedVariables } from '../plan.ts';
import type { Desk } from './desk.ts';
import type { Json } from './json.ts';

/** The variables of a definition or a stage, over those of its groups. */
export function readVariables(owner: Json, desk: Desk): ScopedVariables {
  const groups = owner.get('variableGroups').items();
  const scopes = [...groups.flatMap((group) => groupVariables(group, desk)), owner.get('variables')];
  return new Map(scopes.flatMap((scope) => scope.members().map(([name, one]) => [name, variableOf(one)])));
}

/** What a file of groups gives may be the value itself. */
function variableOf(json: Json): ScopedVariable {
  if (json.isThere && typeof json.value !== 'object')
    return { value: json.text(), isSecret: false, allowOverride: false };
  const value = json.get('value');
  const isSecret = json.get('isSecret').flag();
  return {
    value: value.isThere ? value.text() : isSecret ? undefined : '',
    isSecret,
    allowOverride: json.get('allowOverride').flag(),
  };
}

/** A release carries its groups; a definition only has their numbers, and what is in them stays with the service. */
function groupVariables(group: Json, { supplies, refusals }: Desk): Json[] {
  if (typeof group.value === 'object' && group.get('variables').isThere) return [group.get('variables')];
  const id = typeof group.value === 'object' ? group.get('id').text() : group.text();
  const given = supplies.variableGroups.get(id.toLowerCase());
  if (given) return [given];
  refusals.add(
    `variable group ${id}`,
    group.place,
    `The variable group ${id}, whose values an export leaves out,`,
    'Give them: --variable-group <file>, the answer of GET _apis/distributedtask/variablegroups.',
  );
  return [];
}
