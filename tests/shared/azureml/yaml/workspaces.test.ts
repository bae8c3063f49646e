import assert from 'node:assert/strict';
import { compileFile, readYaml } from '../../../../shared/azureml/yaml/index.ts';
import { refusals, shown } from './fixture.ts';

type Json = Record<string, unknown>;
const compiled = (text: string) => compileFile(readYaml(text, 'workspace.yml'), { use: 'workspace' });
const sent = (text: string) => shown(compiled(text))['properties'] as Json;
const ID = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers';
const HUB = `${ID}/Microsoft.MachineLearningServices/workspaces/h`;

describe('a workspace', () => {
  it('is one resource with an identity of its own', () => {
    assert.deepEqual(shown(compiled('name: w\nlocation: eastus\ndisplay_name: W\n')), {
      location: 'eastus',
      kind: 'default',
      identity: { type: 'SystemAssigned' },
      tags: {},
      properties: { friendlyName: 'W', hbiWorkspace: false, enableDataIsolation: false },
    });
  });

  it('may be a hub, or a project in one', () => {
    assert.equal(shown(compiled('name: w\nkind: hub\n'))['kind'], 'hub');
    const project = shown(compiled(`name: w\nkind: project\nhub_id: ${HUB}\n`));
    assert.equal(project['kind'], 'project');
    assert.equal((project['properties'] as Json)['hubResourceId'], HUB);
    assert.match(refusals(() => compiled('name: w\nkind: featurestore\n'))[0]!, /Feature stores/);
  });

  it('lets out what its managed network allows, each rule told by its destination', () => {
    const { managedNetwork } = sent(
      'name: w\nmanaged_network:\n  isolation_mode: allow_only_approved_outbound\n  outbound_rules:\n' +
        '    - {name: a, destination: "*.x.com"}\n' +
        '    - {name: b, type: service_tag, destination: {service_tag: s, protocol: TCP, port_ranges: "80"}}\n',
    );
    assert.deepEqual(managedNetwork, {
      isolationMode: 'AllowOnlyApprovedOutbound',
      firewallSku: 'Standard',
      outboundRules: {
        a: { type: 'FQDN', category: 'UserDefined', destination: '*.x.com' },
        b: {
          type: 'ServiceTag',
          category: 'UserDefined',
          destination: { serviceTag: 's', protocol: 'TCP', portRanges: '80' },
        },
      },
    });
  });

  it('is encrypted with a key of one’s own', () => {
    const vault = `${ID}/Microsoft.KeyVault/vaults/v`;
    const { encryption } = sent(
      `name: w\ncustomer_managed_key: {key_vault: ${vault}, key_uri: "https://v.vault.azure.net/keys/k/1"}\n`,
    );
    assert.deepEqual(encryption, {
      status: 'Enabled',
      keyVaultProperties: { keyVaultArmId: vault, keyIdentifier: 'https://v.vault.azure.net/keys/k/1' },
    });
  });

  it('names other resources by their full ids', () => {
    assert.match(refusals(() => compiled('name: w\nkey_vault: v\n'))[0]!, /must be a full ARM id/);
  });
});
