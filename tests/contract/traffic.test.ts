import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ArmSchema } from '../../scripts/conformance/armSchema.ts';
import { checkAnswer } from '../../scripts/conformance/azuremlTypes.ts';
import { startFaultGate, type Exchange, type FaultGate } from '../helpers/faultGate.ts';
import { runTask, type TaskRun } from '../helpers/taskProcess.ts';
import { startTestWorkspace, type TestWorkspace } from '../helpers/workspace.ts';

const VERSION = '2025-12-01';

const FILES: Readonly<Record<string, string>> = {
  'code/train.py': [
    'import os, pathlib, sys',
    'folder = pathlib.Path(sys.argv[1]); folder.mkdir(parents=True, exist_ok=True)',
    '(folder / "model.txt").write_text("weights " + sys.argv[2])',
  ].join('\n'),
  'train.job.yml': [
    'type: command',
    'code: code',
    'command: python train.py ${{outputs.model}} ${{inputs.size}}',
    'inputs:',
    '  size: 3',
    'outputs:',
    '  model:',
    '    type: custom_model',
    'environment:',
    '  image: mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:latest',
    '  conda_file:',
    '    dependencies: [python]',
    'compute: azureml:cpu-cluster',
  ].join('\n'),
  'endpoint.yml': 'name: contract\nauth_mode: key\n',
  'deployment.yml': [
    'name: blue',
    'endpoint_name: contract',
    'model: azureml:contract:1',
    'code_configuration: { code: score, scoring_script: score.py }',
    'environment:',
    '  image: mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:latest',
    '  conda_file:',
    '    dependencies: [python, pip, { pip: [azureml-inference-server-http==1.5.1] }]',
    'instance_type: Standard_DS3_v2',
    'instance_count: 1',
  ].join('\n'),
  'score/score.py': 'def init():\n    pass\n\n\ndef run(data):\n    return {"said": data}\n',
};

/** ARM bodies of resources below the workspace, by the names the published schemas use. */
interface ArmExchange extends Exchange {
  /** `jobs`, `models/versions`, `onlineEndpoints/deployments`, ... */
  readonly resource: string;
}

function armExchanges(exchanges: readonly Exchange[]): readonly ArmExchange[] {
  return exchanges.flatMap((exchange) => {
    const below =
      /^\/subscriptions\/[^?]*\/workspaces\/[^/?]+\/([^?]+)/.exec(exchange.path)?.[1]?.split('/') ?? [];
    const isOneResource = below.length > 0 && below.length % 2 === 0;
    return isOneResource ? [{ ...exchange, resource: below.filter((_, at) => at % 2 === 0).join('/') }] : [];
  });
}

describe('What tasks and workspace say to each other', function () {
  this.timeout(300_000);
  let workspace: TestWorkspace;
  let gate: FaultGate;
  let folder: string;
  let traffic: readonly ArmExchange[];

  const task = async (name: string, inputs: Record<string, string>): Promise<TaskRun> => {
    const run = await runTask(name, workspace, {
      inputs,
      variables: { 'System.DefaultWorkingDirectory': folder },
      connection: { url: gate.url },
    });
    assert.equal(run.result, 'Succeeded', run.output);
    return run;
  };
  const inFolder = (name: string): string => path.join(folder, name);

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'contract-'));
    for (const [name, text] of Object.entries(FILES)) {
      await mkdir(path.dirname(inFolder(name)), { recursive: true });
      await writeFile(inFolder(name), text);
    }
    workspace = await startTestWorkspace();
    await workspace.storageReady;
    gate = await startFaultGate(workspace);
    const trained = await task('TrainModel', { jobFile: inFolder('train.job.yml') });
    const source = `azureml://jobs/${trained.outputs['jobName']}/outputs/model`;
    await task('RegisterModel', { source, modelName: 'contract' });
    const deploy = {
      action: 'deploy',
      endpointFile: inFolder('endpoint.yml'),
      deploymentFile: inFolder('deployment.yml'),
      model: 'azureml:contract:1',
    };
    await task('DeployModel', deploy);
    traffic = armExchanges(gate.exchanges);
  });
  after(async () => {
    await gate?.stop();
    await workspace?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('covers every kind of resource the tasks write', () => {
    const written = new Set(traffic.filter(({ method }) => method === 'PUT').map(({ resource }) => resource));
    assert.deepEqual([...written].sort(), [
      'codes/versions',
      'environments/versions',
      'jobs',
      'models/versions',
      'onlineEndpoints',
      'onlineEndpoints/deployments',
    ]);
  });

  it('are bodies the published schema of their api-version takes', () => {
    const schema = new ArmSchema(VERSION);
    const wrong = traffic
      .filter(({ method }) => method === 'PUT')
      .flatMap(({ resource, request, path: at }) => {
        const problems = schema.problems(
          `workspaces_${resource.replaceAll('/', '_')}`,
          writable(JSON.parse(request)),
        );
        return problems.map((problem) => `${resource}: ${problem} (${at})`);
      });
    assert.deepEqual(wrong, []);
  });

  it('are sent and read at one api-version per resource', () => {
    const versions = traffic.map(({ path: at }) => new URL(at, 'https://x').searchParams.get('api-version'));
    assert.deepEqual([...new Set(versions)], [VERSION]);
  });

  it('are answers of the published types', () => {
    const wrong = traffic
      .filter(({ status, answer }) => status < 300 && answer.startsWith('{'))
      .flatMap(({ resource, answer }) => checkAnswer(resource, JSON.parse(answer), VERSION));
    assert.deepEqual([...new Set(wrong)], []);
  });
});

/** A body that was read, changed and sent back carries what the service fills in and ignores; that is not in the request's schema. */
function writable(body: unknown): unknown {
  const READ_ONLY = [
    'provisioningState',
    'scoringUri',
    'swaggerUri',
    'status',
    'createdDateTime',
    'parentJobName',
    'systemData',
  ];
  const { properties } = body as { properties: Record<string, unknown> };
  return {
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => !READ_ONLY.includes(name))),
  };
}
