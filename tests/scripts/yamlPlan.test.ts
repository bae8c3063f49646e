import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { planOf } from '../../scripts/yaml/plan.ts';
import { compileFile } from '../../shared/azureml/yaml/index.ts';
import { files, type Files } from '../shared/azureml/yaml/fixture.ts';

const SCRIPT = fileURLToPath(new URL('../../scripts/yaml.mjs', import.meta.url));

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function plan(cwd: string, ...args: string[]): Promise<Run> {
  return new Promise((resolve) => {
    execFile(process.execPath, [SCRIPT, ...args], { cwd }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}

describe('npm run yaml', () => {
  let folder: Files;
  before(async () => {
    folder = await files({
      'job.yml':
        'command: python train.py\ncode: src\nenvironment: azureml:sklearn@latest\ncompute: azureml:cpu\n',
      'src/train.py': 'print(1)\n',
      'store.yml':
        'name: sas\ntype: azure_blob\naccount_name: a\ncontainer_name: c\ncredentials: {sas_token: verysecret}\n',
    });
  });
  after(() => folder.remove());

  it('shows the uploads and requests a file comes to, with names for what only a workspace knows', async () => {
    const { code, stdout } = await plan(folder.root, 'job.yml', '--set', 'tags.build=17');
    assert.equal(code, 0);
    assert.match(stdout, /^job.yml is a commandJob\. Nothing is sent/);
    assert.match(stdout, /src: 1 file, 9 bytes/);
    assert.match(stdout, /PUT \{workspace\}\/codes\/\{code 1\}\/versions\/1\?api-version=/);
    assert.match(stdout, /environments\/sklearn\/versions\/\{latest\}"/);
    assert.match(stdout, /"build": "17"/);
  });

  it('does not show secrets', async () => {
    const plan = await planOf(compileFile(folder.read('store.yml')));
    assert.equal(plan.kind, 'azureBlob');
    assert.deepEqual(
      plan.requests.map(({ path }) => path),
      ['/datastores/sas'],
    );
    assert.doesNotMatch(JSON.stringify(plan), /verysecret/);
  });

  it('says all that is wrong and ends with 1', async () => {
    const { code, stderr } = await plan(
      folder.root,
      'job.yml',
      '--set',
      'comand=x',
      '--set',
      'limits.timeout=soon',
    );
    assert.equal(code, 1);
    assert.match(stderr, /'comand' is not known here\. Did you mean 'command'\?/);
    assert.match(stderr, /'limits.timeout' must be a whole number/);
  });
});
