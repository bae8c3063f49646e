import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readYaml, type Use, type YamlMap, type YamlNode } from '../../../shared/azureml/yaml/index.ts';
import { possibleKinds } from '../../../shared/azureml/yaml/kinds/detect.ts';
import { REFUSED, USE_OF, type NamedKind } from '../../../shared/azureml/yaml/kinds/names.ts';
import { kindsOfUrl } from '../../../shared/azureml/yaml/kinds/schema.ts';

/** A v2 document, with the use it is read for by both sides. */
export interface Example {
  /** Absolute. */
  readonly file: string;
  /** Below the folder that is compared. */
  readonly name: string;
  readonly use: Use;
  /** The kind its text means, for the table. */
  readonly kind: NamedKind;
  /** What the command line would be given beside the file. */
  readonly given: Readonly<Record<string, string>>;
}

export type Sorted =
  | { readonly what: 'document'; readonly example: Example }
  /** A v2 kind that is refused by name, or one that could be several. */
  | { readonly what: 'apart'; readonly name: string; readonly why: string }
  | { readonly what: 'other' };

const V2_SCHEMA =
  /^\$schema:\s*["']?(https?:\/\/(?:azuremlschemas|azuremlsdk2|azureml\/sdk-2-0)\S*?)["']?\s*$/m;
/** Names that `az ml` takes as arguments where the file leaves them out. */
const GIVEN: { readonly [U in Use]?: readonly string[] } = {
  onlineEndpoint: ['name'],
  onlineDeployment: ['name', 'endpoint_name'],
  batchEndpoint: ['name'],
  batchDeployment: ['name', 'endpoint_name'],
};

/**
 * Whether a YAML file is a v2 document: its `$schema` names a v2 kind (in the old or the new spelling), or, where it has
 * none, its `type` and keys fit kinds of one use only.
 */
export function sortOut(file: string, folder: string): Sorted {
  const name = path.relative(folder, file);
  const text = readFileSync(file, 'utf8');
  const schema = V2_SCHEMA.exec(text)?.[1];
  const root = rootOf(text);
  if (!root && schema === undefined) return { what: 'other' };
  const kinds = root ? kindsIn(root, schema) : kindsOfUrl(schema ?? '');
  const [kind] = kinds;
  if (!kind) return schema ? { what: 'apart', name, why: `unknown schema ${schema}` } : { what: 'other' };
  if (kind in REFUSED) return { what: 'apart', name, why: `${kind}: refused by name` };
  const uses = [...new Set(kinds.map((one) => USE_OF[one as keyof typeof USE_OF]))];
  const [use] = uses;
  if (!use || uses.length > 1) return { what: 'apart', name, why: `could be ${kinds.join(' or ')}` };
  return { what: 'document', example: { file, name, use, kind, given: givenTo(use, root) } };
}

/** Without `$schema`, only what belongs to Azure ML by its keys counts. */
function kindsIn(root: YamlMap, schema: string | undefined): readonly NamedKind[] {
  return root.entries.has('$schema') && schema === undefined ? [] : possibleKinds(root);
}

function rootOf(text: string): YamlMap | undefined {
  const node = nodeOf(text);
  return node?.kind === 'map' ? node : undefined;
}

function nodeOf(text: string): YamlNode | undefined {
  try {
    return readYaml(text, 'x.yml').root;
  } catch {
    return undefined;
  }
}

function givenTo(use: Use, root: YamlMap | undefined): Record<string, string> {
  const missing = (GIVEN[use] ?? []).filter((key) => root && !root.entries.has(key));
  return Object.fromEntries(missing.map((key) => [key, key === 'name' ? 'given-name' : 'given-endpoint']));
}
