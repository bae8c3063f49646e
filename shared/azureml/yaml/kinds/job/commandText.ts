import type { YamlNode } from '../../document/node.ts';
import type { Scope } from '../../fields/scope.ts';

/** `{inputs.x}` in old files means `${{inputs.x}}`; the reference client writes it so, and tells. */
export function doubleBraces(command: string, node: YamlNode | undefined, scope: Scope): string {
  const changed = command.replace(
    /\{(?:inputs|outputs|search_space)\.[^{}]*\}(?!\})/g,
    (match, offset: number) => (command[offset - 1] === '{' ? match : `\${{${match.slice(1, -1)}}}`),
  );
  if (changed !== command && node) {
    scope.settings.findings.warnings.push({
      message:
        'Single braces around inputs and outputs are old style; the command is sent with ${{...}} instead.',
      place: node.at,
    });
  }
  return changed;
}

/** Every input that a command reads must be given, unless it stands in an optional part `$[[...]]`. */
export function checkCommandInputs(
  command: string,
  inputs: Readonly<Record<string, unknown>>,
  spot: { node: YamlNode | undefined; scope: Scope },
): void {
  const optional = new Set(
    [...command.matchAll(/\[[\w.\s-]*\$\{\{inputs\.([\w.-]+)\}\}\]/g)].map(([, name]) => name),
  );
  const used = new Set([...command.matchAll(/\$\{\{inputs\.([\w.-]+)\}\}/g)].map(([, name]) => name!));
  for (const name of used) {
    if (name in inputs || optional.has(name)) continue;
    spot.scope.refuse(
      spot.node?.at ?? {},
      `The command reads the input '${name}', which is not among the inputs.`,
    );
  }
}
