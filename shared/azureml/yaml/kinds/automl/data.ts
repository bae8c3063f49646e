import type { Draft } from '../../compilation.ts';
import { draft, isDraftMap } from '../../draft.ts';
import { text } from '../../fields/basic.ts';
import { mapped, type Field } from '../../fields/field.ts';
import { tableInput } from '../job/inputs.ts';
import type { Setting } from './setting.ts';

const table: Field<Draft> = mapped(tableInput, (input, node, scope) => {
  if (input.kind === 'asset' && input.uri !== undefined) {
    return draft({ type: 'mltable', path: input.uri, mode: input.mode });
  }
  return scope.refuse(node.at, `${scope.subject()} needs a 'path'.`);
});

const tableOrText: Field<Draft> = {
  expected: `${text.expected} or ${table.expected}`,
  read: (node, scope) => (node.kind === 'map' ? table.read(node, scope) : text.read(node, scope)),
};

/** Data for AutoML: a table. A step usually names an input of the pipeline instead; how it is delivered is not sent. */
export const tableData: Setting = {
  field: (mode) => (mode === 'step' ? tableOrText : table),
  rest: (value) =>
    isDraftMap(value) && value['path'] !== undefined
      ? { jobInputType: 'mltable', uri: value['path'] }
      : undefined,
};
