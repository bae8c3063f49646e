import { readYaml, type YamlNode } from '../../../shared/azureml/yaml/index.ts';
import { pythonFloat } from '../../../shared/azureml/yaml/document/python.ts';
import { Problem, Problems } from '../../../shared/problem/index.ts';

/** A value with its type, as reference/values.py writes it. */
export type Typed = readonly unknown[];

/** What our reader makes of a text. */
export function ourValue(text: string): Typed {
  try {
    return typed(readYaml(text, 'x.yml').root);
  } catch (error) {
    if (error instanceof Problems) return ['refused', error.all[0]?.message];
    if (error instanceof Problem) return ['refused', error.message];
    throw error;
  }
}

function typed(node: YamlNode): Typed {
  if (node.kind === 'list') return ['list', node.items.map(typed)];
  if (node.kind === 'map')
    return ['map', [...node.entries.values()].map(({ key, value }) => [typed(key), typed(value)])];
  switch (node.type) {
    case 'null':
      return ['null'];
    case 'int':
      return ['int', String(node.value)];
    case 'float':
      return ['float', pythonFloat(node.value)];
    case 'bool':
    case 'str':
    case 'date':
    case 'binary':
      return [node.type, node.value];
  }
}
