export * from './compilation.ts';
export { compileAsset, compileDeployment, compileEndpoint, compileJob } from './compile.ts';
export type {
  ScalarValue,
  Warning,
  YamlDocument,
  YamlEntry,
  YamlList,
  YamlMap,
  YamlNode,
  YamlScalar,
} from './document/node.ts';
export { readYaml, readYamlFile } from './document/read.ts';
export { applySet } from './document/set.ts';
export { documentOf, withValues } from './document/values.ts';
