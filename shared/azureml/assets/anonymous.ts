import { createHash } from 'node:crypto';
import { emitText } from '../yaml/document/emitScalar.ts';
import { pythonJson } from './pythonJson.ts';

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Python's `separator.join(text)`: the separator between the characters of the text. */
function joined(separator: string, text: string): string {
  return [...text].join(separator);
}

export interface EnvironmentContent {
  readonly image: string | undefined;
  readonly condaFile: string | undefined;
  readonly inferenceConfig: Readonly<Record<string, unknown>> | undefined;
  /** Hash of the build folder, where the environment is built from one. */
  readonly buildHash: string | undefined;
  readonly dockerfilePath: string | undefined;
}

/** The version of an anonymous environment: a hash of what it consists of, computed as the reference client does. */
export function environmentVersion(content: EnvironmentContent): string {
  let chain = '';
  if (content.buildHash !== undefined) {
    chain = joined(chain, sha256(content.buildHash));
    if (content.dockerfilePath) chain = joined(chain, sha256(content.dockerfilePath));
  } else {
    chain = joined(chain, sha256(content.image ?? ''));
    if (content.inferenceConfig) chain = joined(chain, sha256(inferenceText(content.inferenceConfig)));
    if (content.condaFile) chain = joined(chain, sha256(content.condaFile));
  }
  return sha256(chain);
}

const MODELS = '!!python/object:azure.ai.ml._restclient.arm_ml_service.models._models.';

/** The routes as that client writes them out for hashing: with the names of its own classes. */
function inferenceText(config: Readonly<Record<string, unknown>>): string {
  const routes = Object.entries(config)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, route]) => routeText(name, route));
  return `${MODELS}InferenceContainerProperties\n_data:\n${routes.join('')}`;
}

function routeText(name: string, route: unknown): string {
  const { path, port } = route as { path: string; port: number };
  const shown = emitText(path, { column: 12, indent: 8, isKey: false });
  return `  ${name}: ${MODELS}Route\n    _data:\n      path: ${shown}\n      port: ${port}\n`;
}

/** A hash of a component's specification as a UUID: same interface and code, same UUID. */
export function componentHash(spec: Readonly<Record<string, unknown>>, omitted: readonly string[]): string {
  const kept = Object.entries(spec).filter(([key]) => !omitted.includes(key));
  const hex = sha256(pythonJson(Object.fromEntries(kept)));
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

export const ANONYMOUS_ENVIRONMENT = 'CliV2AnonymousEnvironment';

/** The name of a model without one: a hash of the hash of its files. */
export function anonymousModelName(filesHash: string): string {
  return sha256(filesHash);
}
