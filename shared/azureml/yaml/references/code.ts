import type { CodeMerge, Draft, LocalCode } from '../compilation.ts';
import type { YamlNode } from '../document/node.ts';
import { text } from '../fields/basic.ts';
import type { Field } from '../fields/field.ts';
import type { Scope } from '../fields/scope.ts';
import { versioned } from './ids.ts';
import { upload } from './local.ts';
import { existingPath } from './paths.ts';

/** What is known of local code beside its path; undefined where that was wrong, and reported. */
type Known = (
  path: string,
  scope: Scope,
) => (Pick<LocalCode, 'of'> & { readonly merge?: CodeMerge }) | undefined;

/** Code: a local folder or file, which becomes an anonymous code version, or a registered one. */
export function codeField(known: Known): Field<Draft> {
  return {
    expected: 'the path of a folder or file, or azureml:<name>:<version>',
    read(node, scope) {
      const given = text.read(node, scope);
      if (given === undefined) return undefined;
      if (given.startsWith('azureml:')) return versioned(given, 'codes', node, scope);
      if (/^(?:git\+|https?:)/.test(given)) return refuseAddress(given, node, scope);
      const path = existingPath(given, node, scope);
      const more = path === undefined ? undefined : known(path, scope);
      return path !== undefined && more && upload({ kind: 'code', path, ...more, place: node.at }, scope);
    },
  };
}

function refuseAddress(given: string, node: YamlNode, scope: Scope): undefined {
  return scope.unsupported(
    node.at,
    `${scope.subject()} is '${given}'; code is not fetched from there.`,
    'Check the code out in the pipeline and name its folder.',
  );
}

/** The code of a job or a deployment. */
export const code = codeField(() => ({ of: 'job' }));

/** The code of a component, also of one that is made of a step. */
export const componentCode = codeField(() => ({ of: 'component' }));
