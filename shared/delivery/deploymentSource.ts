import {
  applySet,
  compileDeployment,
  compileEndpoint,
  documentOf,
  readYamlFile,
  Reference,
  type DeploymentCompilation,
  type Draft,
  type DraftMap,
  type EndpointCompilation,
  type Warning,
  type YamlDocument,
} from '../azureml/yaml/index.ts';
import type { AzureML } from '../azureml/index.ts';
import type { ModelReference } from '../evidence/index.ts';
import { Problem } from '../problem/index.ts';
import { parseModelId } from './championModel.ts';

/** What a deploy is described by: v2 files, inputs, or files with inputs that win over them. */
export interface DeploymentSource {
  readonly endpointFile: string | undefined;
  readonly deploymentFile: string | undefined;
  readonly target: 'managed' | 'kubernetes';
  /** `path=value` for the deployment, as `az ml ... --set` has them. */
  readonly overrides: readonly string[];
  /** Members of the deployment as task inputs give them; undefined ones are not given. */
  readonly values: Readonly<Record<string, unknown>>;
}

export interface CompiledSource {
  readonly endpointName: string;
  readonly endpoint: EndpointCompilation | undefined;
  readonly deployment: DeploymentCompilation;
  readonly model: ModelReference | undefined;
  readonly warnings: readonly Warning[];
}

/** The task input behind each member, for messages that name what the user wrote. */
const INPUT_OF: Readonly<Record<string, string>> = {
  name: 'deploymentName',
  endpoint_name: 'endpointName',
  instance_type: 'instanceType',
  instance_count: 'instanceCount',
  code_configuration: 'code',
  environment_variables: 'environmentVariables',
};

/** Compiles files and inputs; a model label such as `@latest` becomes the version it means now. */
export async function compileSource(
  client: AzureML,
  source: DeploymentSource,
  names: { readonly endpointName: string | undefined; readonly deploymentName: string | undefined },
  options: { readonly abortSignal: AbortSignal },
): Promise<CompiledSource> {
  const endpoint =
    source.endpointFile === undefined ? undefined : compileEndpointFile(source.endpointFile, names);
  const document = deploymentDocument(source, names, endpoint?.name);
  const first = compileDeployment(document);
  const endpointName = (names.endpointName ?? endpoint?.name ?? first.endpointName)?.toLowerCase();
  if (endpointName === undefined) throw withoutEndpoint();
  requireTarget(source, first.kind, endpoint?.kind);
  const version = await labelledVersion(client, modelOf(first), options);
  const deployment =
    version === undefined ? first : compileDeployment(applySet(document, [`model=${version}`]));
  const warnings = [...(endpoint?.warnings ?? []), ...deployment.warnings];
  const model = referenceOf(client, modelOf(deployment));
  return { endpointName, endpoint, deployment, model, warnings };
}

function compileEndpointFile(
  file: string,
  { endpointName }: { readonly endpointName: string | undefined },
): EndpointCompilation {
  const document = readYamlFile(file);
  return compileEndpoint(
    endpointName === undefined ? document : applySet(document, [`name=${endpointName}`]),
  );
}

function deploymentDocument(
  source: DeploymentSource,
  names: { readonly endpointName: string | undefined; readonly deploymentName: string | undefined },
  endpointOfFile: string | undefined,
): YamlDocument {
  const endpointName = names.endpointName ?? endpointOfFile;
  const given = {
    ...(names.deploymentName !== undefined && { name: names.deploymentName }),
    ...(endpointName !== undefined && { endpoint_name: endpointName }),
    ...Object.fromEntries(Object.entries(source.values).filter(([, value]) => value !== undefined)),
  };
  const written =
    source.deploymentFile === undefined
      ? documentOf(
          { name: 'blue', ...(source.target === 'kubernetes' && { type: 'kubernetes' }), ...given },
          { folder: process.cwd(), inputOf: (key) => INPUT_OF[key] ?? key },
        )
      : overridden(readYamlFile(source.deploymentFile), given);
  return applySet(written, source.overrides);
}

/** Inputs win over the file, member by member; a complaint names the input. */
function overridden(document: YamlDocument, values: Readonly<Record<string, unknown>>): YamlDocument {
  return Object.entries(values).reduce(
    (changed, [key, value]) => applySet(changed, overridesOf(key, value), { input: INPUT_OF[key] ?? key }),
    document,
  );
}

/** A member, or the members of a member, as `path=value`. */
function overridesOf(path: string, value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [`${path}=${String(value)}`];
  return Object.entries(value).flatMap(([key, item]) =>
    overridesOf(`${path}.${key.replace(/[\\.[\]]/g, '\\$&')}`, item),
  );
}

function requireTarget(
  { target, deploymentFile }: DeploymentSource,
  deployment: DeploymentCompilation['kind'],
  endpoint: EndpointCompilation['kind'] | undefined,
): void {
  const kinds = [deployment, endpoint].filter((kind) => kind !== undefined);
  const isKubernetes = kinds.map((kind) => kind.startsWith('kubernetes'));
  if (new Set(isKubernetes).size > 1)
    throw new Problem({
      code: 'input',
      message: `The endpoint is ${String(endpoint)} and the deployment ${deployment}; both must be of one kind.`,
      place: { input: 'endpointFile' },
      next: 'Use a managed endpoint with a managed deployment, or a Kubernetes one with a Kubernetes one.',
    });
  if (deploymentFile === undefined || target === 'managed' || isKubernetes[0]) return;
  throw new Problem({
    code: 'input',
    message: 'The target is kubernetes, but the file describes a managed deployment.',
    place: { input: 'target' },
    next: "Write 'type: kubernetes' in the deployment file, or choose the target managed.",
  });
}

function withoutEndpoint(): Problem {
  return new Problem({
    code: 'input',
    message: 'No endpoint is named.',
    place: { input: 'endpointName' },
    next: "Give its name, an endpoint file, or 'endpoint_name' in the deployment file.",
  });
}

function modelOf({ body }: DeploymentCompilation): Draft | undefined {
  const { properties } = body;
  const isMap = typeof properties === 'object' && properties !== null && !(properties instanceof Array);
  return isMap && !(properties instanceof Reference) ? (properties as DraftMap)['model'] : undefined;
}

/** `azureml:name:version` for a label; undefined when the model is named by its version. */
async function labelledVersion(
  client: AzureML,
  model: Draft | undefined,
  options: { readonly abortSignal: AbortSignal },
): Promise<string | undefined> {
  if (!(model instanceof Reference) || model.target.kind !== 'label') return undefined;
  const { name, label } = model.target;
  const found = label === 'latest' ? await client.models.latest(name, options) : undefined;
  if (found) return `azureml:${name}:${found.version}`;
  throw new Problem({
    code: 'not-found',
    message: `The workspace has no model '${name}@${label}'.`,
    place: model.place,
    next: 'Register a version of it, or name one that exists.',
  });
}

/** The model of a deployment, when it is known before anything is sent. */
function referenceOf(client: AzureML, model: Draft | undefined): ModelReference | undefined {
  if (typeof model === 'string') return parseModelId(model).reference;
  if (!(model instanceof Reference) || model.target.kind !== 'version') return undefined;
  const { name, version } = model.target;
  return { id: `${client.workspaceId}/models/${name}/versions/${version}`, name, version };
}
