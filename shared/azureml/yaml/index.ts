export * from './compilation.ts';
export { compileAsset, compileDeployment, compileEndpoint, compileFile, compileJob } from './compile.ts';
export type { Warning, YamlDocument, YamlMap, YamlNode } from './document/node.ts';
export { readYaml, readYamlFile } from './document/read.ts';
export { applySet } from './document/set.ts';
export { documentOf, withValues } from './document/values.ts';
export { resourcePath } from './resourcePath.ts';
export { withoutSecrets } from './withoutSecrets.ts';
export { USES } from './kinds/families.ts';
