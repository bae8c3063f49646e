import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  compileFile,
  readYamlFile,
  withValues,
  type Compilation,
} from '../../../../shared/azureml/yaml/index.ts';
import { BodyCheck } from '../../../../scripts/conformance/yaml/bodies.ts';
import { sortOut, type Example } from '../../../../scripts/conformance/yaml/documents.ts';
import { copyWithStandIns } from '../../../../scripts/conformance/yaml/standIns.ts';
import { problems, shown } from './fixture.ts';

const EXAMPLES = fileURLToPath(new URL('../../../../../shared/azureml-yaml', import.meta.url));

/** Kinds of which there are public examples. */
const KINDS = [
  ...['commandJob', 'sweepJob', 'pipelineJob', 'autoMLJob'],
  ...['commandComponent', 'pipelineComponent', 'sparkComponent'],
  ...['environment', 'model', 'data', 'dataImport'],
  ...['azureBlob', 'azureFile', 'azureDataLakeGen1', 'azureDataLakeGen2'],
  ...['managedOnlineEndpoint', 'kubernetesOnlineEndpoint'],
  ...['managedOnlineDeployment', 'kubernetesOnlineDeployment'],
  ...['batchEndpoint', 'batchDeployment', 'pipelineComponentBatchDeployment'],
  ...['monitorSchedule', 'importDataSchedule'],
  ...['amlCompute', 'computeInstance', 'vmCompute', 'synapseSparkCompute'],
  ...['workspace', 'connection'],
];

/** Why a public example is refused, by the reference client too: it is a form, or it waits for the command line. */
const REASONS = [
  /The input '\w+' needs a 'path'|needs 'compute'/,
  /not valid YAML: Unexpected scalar|A key must be a single word/,
  /'\{\{ENDPOINT_NAME\}\}' cannot be the name|<KEY_VAULT>|<SUBSCRIPTION_ID>|'fake_endpoint_id'/,
  /'uci-heart-train-pipeline' may hold only|'resources' must be a mapping, not 'instance_type=/,
  /'(?:data_window_size|workspace_connection_id)' is not known/,
];

function compile({ file, use, given }: Example): Compilation {
  return compileFile(withValues(readYamlFile(file), given), { use });
}

describe('the public example files', () => {
  let folder: string;
  const byKind = new Map<string, Example[]>();
  const check = new BodyCheck();
  before(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'examples-'));
    for (const file of copyWithStandIns(EXAMPLES, folder)) {
      const sorted = sortOut(file, folder);
      if (sorted.what !== 'document') continue;
      const { kind } = sorted.example;
      byKind.set(kind, [...(byKind.get(kind) ?? []), sorted.example]);
    }
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('are of these kinds', () => assert.deepEqual([...byKind.keys()].sort(), [...KINDS].sort()));

  for (const kind of KINDS) {
    it(`of ${kind} give bodies that the published schema of their api-version accepts, or are refused for a reason`, () => {
      const wrong = (byKind.get(kind) ?? []).flatMap((example) => {
        const refused = problems(() => compile(example)).map(({ message }) => message);
        const found = refused.length > 0 ? refused.filter(isUnknown) : misfits(compile(example));
        return found.map((message) => `${example.name}: ${message}`);
      });
      assert.deepEqual(wrong, []);
    });
  }

  const misfits = (compiled: Compilation): string[] =>
    check.problems(compiled, { sent: [{ method: 'PUT', path: '/x', body: shown(compiled) }] });
});

function isUnknown(message: string): boolean {
  return !REASONS.some((reason) => reason.test(message));
}
