import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { compileFile, readYaml, type Use } from '../../../../shared/azureml/yaml/index.ts';
import { wordsFor } from '../../../../shared/problem/index.ts';
import { refusals, shown } from './fixture.ts';

type Json = Record<string, unknown>;
const compiled = (use: Use, text: string) => compileFile(readYaml(text, 'file.yml'), { use });
const sent = (use: Use, text: string) => shown(compiled(use, text))['properties'] as Json;
const wrong = (use: Use, text: string) => refusals(() => compiled(use, text));

describe('a datastore', () => {
  const blob = 'type: azure_blob\nname: b\naccount_name: acc\ncontainer_name: con\n';

  it('is in the public cloud over https, without credentials, unless the file says otherwise', () => {
    assert.deepEqual(sent('datastore', blob), {
      datastoreType: 'AzureBlob',
      accountName: 'acc',
      containerName: 'con',
      endpoint: 'core.windows.net',
      protocol: 'https',
      tags: {},
      credentials: { credentialsType: 'None' },
    });
  });

  it('tells its credentials by their members', () => {
    const { credentials } = sent(
      'datastore',
      'type: azure_data_lake_gen2\nname: b\naccount_name: a\nfilesystem: f\ncredentials: {tenant_id: t, client_id: c, client_secret: s}\n',
    );
    assert.deepEqual(credentials, {
      credentialsType: 'ServicePrincipal',
      authorityUrl: 'https://login.microsoftonline.com',
      tenantId: 't',
      clientId: 'c',
      secrets: { secretsType: 'ServicePrincipal', clientSecret: '***' },
    });
  });

  it('keeps its key out of everything that is printed', () => {
    const { body } = compiled('datastore', `${blob}credentials: {account_key: hush-hush}\n`);
    assert.doesNotMatch(`${JSON.stringify(body)} ${inspect(body, { depth: 9 })}`, /hush/);
  });

  it('keeps its key out of messages, however it is written', () => {
    const written = [
      '{account_key: [hush]}',
      '{account_key: 123456}',
      'hush-hush',
      '{account_key: hush, sas_token: hush}',
      '{type: hush}',
    ];
    for (const credentials of written) {
      let words: readonly string[] = [];
      try {
        compiled('datastore', `${blob}credentials: ${credentials}\n`);
      } catch (error) {
        words = wordsFor(error);
      }
      assert.ok(words.length > 0, credentials);
      assert.doesNotMatch(words.join(' '), /hush|123456/);
    }
  });

  it('of a type that is near a known one is refused with it', () => {
    assert.deepEqual(wrong('datastore', 'type: azure_blobs\nname: b\n'), [
      "1:7 There is no datastore type 'azure_blobs'. Did you mean 'azure_blob'?",
    ]);
  });
});

describe('a connection', () => {
  it('to a service with an API key signs in by it, and by Entra without', () => {
    const search = 'type: azure_ai_search\nname: c\nendpoint: https://s\n';
    assert.deepEqual(sent('connection', `${search}api_key: hush\n`), {
      authType: 'ApiKey',
      credentials: { key: '***' },
      category: 'CognitiveSearch',
      target: 'https://s',
      metadata: {},
      isSharedToAll: true,
    });
    assert.equal(sent('connection', search)['authType'], 'AAD');
  });

  it('carries what the service wants to know as metadata', () => {
    const { metadata, target } = sent(
      'connection',
      'type: azure_open_ai\nname: c\nazure_endpoint: e\napi_version: v\nopen_ai_resource_id: r\ntags: {a: b}\n',
    );
    assert.deepEqual(metadata, { a: 'b', ApiType: 'Azure', ApiVersion: 'v', ResourceId: 'r' });
    assert.equal(target, 'e');
  });

  it('to a lakehouse is put together from endpoint, workspace and artifact', () => {
    const { target } = sent(
      'connection',
      'type: azure_one_lake\nname: c\nendpoint: e\none_lake_workspace_name: w\nartifact: {type: lake_house, name: n}\n',
    );
    assert.equal(target, 'https://e/w/n.Lakehouse');
  });

  it('takes only the credentials its type knows, and says so without showing them', () => {
    assert.deepEqual(
      wrong(
        'connection',
        'type: azure_data_lake_gen2\nname: c\ntarget: t\ncredentials: {type: pat, pat: hush}\n',
      ),
      ["4:21 'credentials.type' must be service_principal, managed_identity, aad or none."],
    );
  });

  it('needs an address', () => {
    assert.deepEqual(wrong('connection', 'type: git\nname: c\n'), ["1:1 The file needs 'target'."]);
  });
});
