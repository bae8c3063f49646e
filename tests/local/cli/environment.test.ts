import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { clientEnvironment } from '../../../local/cli/environment.ts';
import { linesFor } from '../../../local/cli/shells.ts';
import type { WorkspaceAddress } from '../../../local/workspace/address.ts';

const ADDRESS: WorkspaceAddress = {
  apiUrl: 'https://localhost:8443',
  blobUrl: 'https://localhost:10000/local1',
  accountUrl: 'https://local1.blob.core.localhost:10000',
  proxyUrl: 'http://127.0.0.1:3128',
  caFile: '/ca.pem',
  tenantId: 't',
  subscriptionId: 's',
  resourceGroup: 'rg',
  workspaceName: 'ws',
  location: 'local',
  clientId: 'c',
  clientSecret: 'x',
  reader: { clientId: 'r', clientSecret: 'y' },
  managedIdentity: { endpoint: 'https://localhost:8443/msi/token', header: 'h' },
  adminToken: 'a',
  processId: 1,
};

describe('The settings for clients', () => {
  it('keep what was reached directly, but never the names of storage', () => {
    const noProxy = 'localhost, .localhost,intranet.example,127.0.0.1,*';
    const { NO_PROXY, no_proxy: lower } = clientEnvironment(ADDRESS, { caBundle: '/b', noProxy });
    assert.deepEqual(
      [NO_PROXY, lower],
      ['localhost:8443,127.0.0.1,intranet.example', 'localhost:8443,127.0.0.1,intranet.example'],
    );
  });

  it('have an address of its own kind for mlflow without the plugin', () => {
    const path =
      '/mlflow/v1.0/subscriptions/s/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ws';
    const withPlugin = clientEnvironment(ADDRESS, { caBundle: '/b' });
    assert.equal(withPlugin['MLFLOW_TRACKING_URI'], `azureml://localhost:8443${path}`);
    assert.equal(withPlugin['MLFLOW_TRACKING_TOKEN'], undefined);
    const alone = clientEnvironment(ADDRESS, { caBundle: '/b', plainMlflowToken: 'jwt' });
    assert.deepEqual(
      [alone['MLFLOW_TRACKING_URI'], alone['MLFLOW_TRACKING_TOKEN']],
      [`https://localhost:8443${path}`, 'jwt'],
    );
  });

  const tricky = { NAME: `a'b "c" $HOME \\n \`x\` %d`, no_proxy: 'x' };
  const notes = ['a note', ''];
  const runs: Readonly<Record<string, (lines: string) => string>> = {
    python: (lines) =>
      execFileSync('python3', ['-c', `${lines}\nprint(os.environ['NAME'], end='')`]).toString(),
    node: (lines) =>
      execFileSync(process.execPath, ['-e', `${lines}\nprocess.stdout.write(process.env.NAME)`]).toString(),
    ...(process.platform === 'win32'
      ? {}
      : { bash: (lines) => execFileSync('sh', ['-c', `${lines}\nprintf %s "$NAME"`]).toString() }),
  };
  for (const [shell, run] of Object.entries(runs)) {
    it(`arrive unchanged in ${shell}`, () => {
      assert.equal(run(linesFor(shell as 'bash', tricky, notes).join('\n')), tricky.NAME);
    });
  }

  it('are quoted for PowerShell, which knows one spelling of a name', () => {
    assert.deepEqual(linesFor('powershell', tricky, notes), [
      '# a note',
      '#',
      `$env:NAME = 'a''b "c" $HOME \\n \`x\` %d'`,
    ]);
  });

  it('are plain JSON for everything else', () => {
    assert.deepEqual(JSON.parse(linesFor('json', tricky, notes).join('\n')), tricky);
  });
});
