import assert from 'node:assert/strict';
import { compileFile, readYaml } from '../../../../shared/azureml/yaml/index.ts';
import { files, refusals, shown } from './fixture.ts';

type Json = Record<string, unknown>;
const compiled = (text: string) => compileFile(readYaml(text, 'compute.yml'), { use: 'compute' });
const sent = (text: string) => shown(compiled(text))['properties'] as Json;
const inner = (text: string) => sent(text)['properties'] as Json;

describe('a cluster', () => {
  it('shrinks to nothing after two minutes, and is where the workspace is', () => {
    const body = shown(compiled('name: c\ntype: amlcompute\n'));
    assert.equal(body['location'], '<location>');
    assert.deepEqual((body['properties'] as Json)['properties'], {
      osType: 'Linux',
      vmSize: 'STANDARD_DS3_V2',
      scaleSettings: { minNodeCount: 0, maxNodeCount: 4, nodeIdleTimeBeforeScaleDown: 'PT2M' },
      remoteLoginPortPublicAccess: 'NotSpecified',
      enableNodePublicIp: true,
    });
  });

  it('is in a subnet of the group of the workspace, or in one by its full id', () => {
    const { subnet } = inner('name: c\ntype: amlcompute\nnetwork_settings: {vnet_name: v, subnet: s}\n');
    assert.deepEqual(subnet, { id: '<group/Microsoft.Network/virtualNetworks/v/subnets/s>' });
    const id = '/subscriptions/x/resourceGroups/y/providers/Microsoft.Network/virtualNetworks/v/subnets/s';
    const full = inner(`name: c\ntype: amlcompute\nnetwork_settings: {subnet: ${id}}\n`);
    assert.deepEqual(full['subnet'], { id });
  });

  it('hides the password of its administrator', () => {
    const properties = sent(
      'name: c\ntype: amlcompute\nssh_settings: {admin_username: u, admin_password: hush}\n',
    );
    assert.equal(properties['disableLocalAuth'], false);
    assert.deepEqual((properties['properties'] as Json)['userAccountCredentials'], {
      adminUserName: 'u',
      adminUserPassword: '***',
    });
  });
});

describe('a compute instance', () => {
  it('starts and stops by schedule', () => {
    const { schedules } = inner(
      'name: c\ntype: computeinstance\nschedules:\n  compute_start_stop:\n' +
        '    - {action: stop, trigger: {type: cron, expression: "0 18 * * *"}}\n' +
        '    - {action: START, state: disabled, trigger: {type: recurrence, frequency: week, interval: 1, schedule: {week_days: [monday], hours: [8], minutes: [0]}}}\n',
    );
    assert.deepEqual(schedules, {
      computeStartStop: [
        {
          action: 'Stop',
          status: 'Enabled',
          triggerType: 'Cron',
          cron: { timeZone: 'UTC', expression: '0 18 * * *' },
        },
        {
          action: 'Start',
          status: 'Disabled',
          triggerType: 'Recurrence',
          recurrence: {
            timeZone: 'UTC',
            frequency: 'Week',
            interval: 1,
            schedule: { hours: [8], minutes: [0], weekDays: ['Monday'] },
          },
        },
      ],
    });
  });

  it('goes with the one version that knows all its members', () => {
    assert.equal(compiled('name: c\ntype: computeinstance\n').apiVersion, '2026-03-15-preview');
    assert.equal(compiled('name: c\ntype: amlcompute\n').apiVersion, '2025-12-01');
  });

  it('refuses two applications at one port', () => {
    const app = (name: string) =>
      `  - {name: ${name}, image: {reference: x}, endpoints: [{target: 8000, published: 8000}]}\n`;
    assert.deepEqual(
      refusals(() =>
        compiled(`name: c\ntype: computeinstance\ncustom_applications:\n${app('a')}${app('b')}`),
      ),
      ["4:3 Two custom applications have the published port '8000'."],
    );
  });
});

describe('an attached compute', () => {
  it('reads the key of a machine from its file and hides it', async () => {
    const folder = await files({
      'vm.yml':
        'name: c\ntype: virtualmachine\nresource_id: /x\nssh_settings: {admin_username: u, ssh_private_key_file: id_rsa}\n',
      id_rsa: 'PRIVATE',
    });
    try {
      const compilation = compileFile(folder.read('vm.yml'));
      assert.doesNotMatch(JSON.stringify(compilation.body), /PRIVATE/);
      const account = ((shown(compilation)['properties'] as Json)['properties'] as Json)[
        'administratorAccount'
      ];
      assert.deepEqual(account, { username: 'u', privateKeyData: '***' });
    } finally {
      await folder.remove();
    }
  });

  it('of Kubernetes has a namespace, and its own settings go along', () => {
    const properties = inner(
      'name: c\ntype: kubernetes\nresource_id: /x\nproperties: {defaultInstanceType: t, relayConnectionString: hush}\n',
    );
    assert.deepEqual(properties, {
      defaultInstanceType: 't',
      relayConnectionString: '***',
      namespace: 'default',
    });
  });

  it('warns that a region is not used', () => {
    const { warnings } = compiled('name: c\ntype: synapsespark\nresource_id: /x\nlocation: westus\n');
    assert.deepEqual(
      warnings.map(({ place }) => place.line),
      [4],
    );
  });
});
