import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  compileAsset,
  compileDeployment,
  compileEndpoint,
  compileJob,
  readYamlFile,
  withValues,
  type Compilation,
} from '../../../../shared/azureml/yaml/index.ts';
import { ArmSchema } from '../../../../scripts/conformance/armSchema.ts';
import { problems, shown } from './fixture.ts';
import { copyWithStandIns } from '../../../../scripts/conformance/yaml/standIns.ts';

const EXAMPLES = fileURLToPath(new URL('../../../../../shared/azureml-yaml', import.meta.url));

/** The resource each kind is PUT to, as the published schemas name it. */
const RESOURCES: Readonly<Record<string, string>> = {
  commandJob: 'workspaces_jobs',
  sweepJob: 'workspaces_jobs',
  pipelineJob: 'workspaces_jobs',
  commandComponent: 'workspaces_components_versions',
  environment: 'workspaces_environments_versions',
  data: 'workspaces_data_versions',
  model: 'workspaces_models_versions',
  managedOnlineEndpoint: 'workspaces_onlineEndpoints',
  kubernetesOnlineEndpoint: 'workspaces_onlineEndpoints',
  managedOnlineDeployment: 'workspaces_onlineEndpoints_deployments',
  kubernetesOnlineDeployment: 'workspaces_onlineEndpoints_deployments',
};

/** Why a public example may be refused; the reference client refuses the last two too. */
const REASONS = [
  /not offered/,
  /The input '\w+' needs a 'path'/, // left to be given on the command line
  /No compute is set for the step/, // with steps of kinds that are not offered
];

function kindOf(file: string): string | undefined {
  const schema = /^\$schema:\s*\S*?([A-Za-z]+)(?:\.schema)?\.json/m.exec(readFileSync(file, 'utf8'))?.[1];
  const kind = schema && schema.charAt(0).toLowerCase() + schema.slice(1);
  return kind && kind in RESOURCES ? kind : undefined;
}

/** Some are forms: a script there puts words for `{{ENDPOINT_NAME}}`. */
function isForm(file: string): boolean {
  return /\{\{[A-Z_]+\}\}/.test(readFileSync(file, 'utf8'));
}

function compile(file: string, kind: string): Compilation {
  const document = readYamlFile(file);
  if (kind.endsWith('Job')) return compileJob(document);
  if (kind.endsWith('Endpoint')) return compileEndpoint(document);
  if (!kind.endsWith('Deployment')) return compileAsset(document);
  // Many name no endpoint: there it comes from the command line.
  const { root } = document;
  const has = (key: string) => root.kind === 'map' && root.entries.has(key);
  const given = {
    endpoint_name: has('endpoint_name') ? undefined : 'given',
    name: has('name') ? undefined : 'given',
  };
  return compileDeployment(withValues(document, given));
}

describe('the public example files', () => {
  let folder: string;
  let schema: ArmSchema;
  const byKind = new Map<string, string[]>();
  before(() => {
    schema = new ArmSchema('2025-12-01');
    folder = mkdtempSync(path.join(os.tmpdir(), 'examples-'));
    for (const file of copyWithStandIns(EXAMPLES, folder)) {
      const kind = kindOf(file);
      if (kind && !isForm(file)) byKind.set(kind, [...(byKind.get(kind) ?? []), file]);
    }
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const kind of Object.keys(RESOURCES)) {
    it(`of ${kind} compile, or are refused for a reason that is known`, () => {
      const files = byKind.get(kind) ?? [];
      assert.ok(files.length > 0);
      const unexpected = files.flatMap((file) =>
        problems(() => compile(file, kind))
          .filter(({ message }) => !REASONS.some((reason) => reason.test(message)))
          .map(({ message }) => `${path.relative(folder, file)}: ${message}`),
      );
      assert.deepEqual(unexpected, []);
    });

    it(`of ${kind} give bodies that the published schema of their api-version accepts, with no member it does not know`, () => {
      const wrong = (byKind.get(kind) ?? [])
        .filter((file) => problems(() => compile(file, kind)).length === 0)
        .flatMap((file) => {
          const compiled = compile(file, kind);
          assert.equal(compiled.apiVersion, '2025-12-01');
          return schema
            .problems(RESOURCES[kind]!, shown(compiled))
            .map((problem) => `${path.relative(folder, file)}: ${problem}`);
        });
      assert.deepEqual(wrong, []);
    });
  }
});
