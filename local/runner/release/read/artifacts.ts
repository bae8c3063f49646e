import type { ArtifactInput, ArtifactPlan } from '../plan.ts';
import type { Desk } from './desk.ts';
import type { Json } from './json.ts';

/** The artifacts of a definition; without a mark, the first is the primary one. */
export function readArtifacts(list: Json, desk: Desk): ArtifactPlan[] {
  const items = list.items();
  const primary = Math.max(
    0,
    items.findIndex((one) => one.get('isPrimary').flag()),
  );
  const seen = new Set<string>();
  return items.map((one, index) => {
    const alias = one.get('alias').text();
    checkAlias(one.get('alias'), seen, desk);
    return {
      alias,
      type: one.get('type').text(),
      isPrimary: index === primary,
      sourceId: one.get('sourceId').text(),
      inputs: new Map(
        one
          .get('definitionReference')
          .members()
          .filter(([, input]) => input.isThere)
          .map(([name, input]) => [name, inputOf(input)]),
      ),
      place: one.place,
    };
  });
}

/** The editor shows `name` and works with `id`. */
function inputOf(json: Json): ArtifactInput {
  if (typeof json.value !== 'object') return { id: json.text(), name: json.text() };
  return { id: json.get('id').text(), name: json.get('name').text() };
}

/** The alias names a folder, and must not lead out of the one all artifacts share. */
function checkAlias(alias: Json, seen: Set<string>, { findings }: Desk): void {
  const text = alias.text();
  if (text.trim() === '') findings.wrong(alias.place, 'An artifact needs an alias.');
  else if (text === '.' || text === '..' || /[\\/:*?"<>|\u0000-\u001f]/.test(text)) {
    const next = 'Leave out the characters \\ / : * ? " < > |.';
    findings.wrong(alias.place, `'${text}' cannot be an alias: artifacts lie in folders of that name.`, next);
  }
  if (seen.has(text.toLowerCase())) findings.wrong(alias.place, `There is more than one artifact '${text}'.`);
  seen.add(text.toLowerCase());
}
