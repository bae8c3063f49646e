import type { Draft } from '../compilation.ts';
import { text } from '../fields/basic.ts';
import type { Field } from '../fields/field.ts';
import { versioned } from './ids.ts';
import { upload } from './local.ts';
import { existingPath } from './paths.ts';

/** Code: a local folder or file, which becomes an anonymous code version, or a registered one. */
export const code: Field<Draft> = {
  expected: 'the path of a folder or file, or azureml:<name>:<version>',
  read(node, scope) {
    const given = text.read(node, scope);
    if (given === undefined) return undefined;
    if (given.startsWith('azureml:')) return versioned(given, 'codes', node, scope);
    if (/^(?:git\+|https?:)/.test(given)) {
      return scope.unsupported(
        node.at,
        `${scope.subject()} is '${given}'; code is not fetched from there.`,
        'Check the code out in the pipeline and name its folder.',
      );
    }
    const path = existingPath(given, node, scope);
    return path === undefined ? undefined : upload({ kind: 'code', path, place: node.at }, scope);
  },
};
