import type {
  AssetCompilation,
  CompileOptions,
  DeploymentCompilation,
  EndpointCompilation,
  JobCompilation,
} from './compilation.ts';
import type { YamlDocument } from './document/node.ts';

export * from './compilation.ts';
export { API_VERSION } from './apiVersions.ts';
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

/** Reads a v2 file from disk; throws one Problem or all Problems of the file together. */
export declare function readYamlFile(file: string): YamlDocument;
/** Reads text as if it stood in `file`. */
export declare function readYaml(text: string, file: string): YamlDocument;
/** A document made of values that were not in a file (task inputs); `folder` is where relative paths start. */
export declare function documentOf(
  values: Readonly<Record<string, unknown>>,
  options: { folder: string; inputOf?: (key: string) => string },
): YamlDocument;
/** Overrides as `--set path.to=value path.to[0]=value` does; values are typed as the reference CLI types them. */
export declare function applySet(document: YamlDocument, overrides: readonly string[]): YamlDocument;
export declare function compileJob(document: YamlDocument, options?: CompileOptions): JobCompilation;
export declare function compileEndpoint(
  document: YamlDocument,
  options?: CompileOptions,
): EndpointCompilation;
export declare function compileDeployment(
  document: YamlDocument,
  options?: CompileOptions,
): DeploymentCompilation;
/** environment, data, model and commandComponent files. */
export declare function compileAsset(document: YamlDocument, options?: CompileOptions): AssetCompilation;
