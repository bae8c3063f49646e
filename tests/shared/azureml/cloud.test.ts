import assert from 'node:assert/strict';
import { cloudOf, mayReceiveToken } from '../../../shared/azureml/connect/cloud.ts';

const CLOUDS = [
  {
    environment: 'AzureCloud',
    resourceManagerUrl: 'https://management.azure.com/',
    authority: 'https://login.microsoftonline.com',
    dataPlane: 'https://westeurope.api.azureml.ms/history/v1.0',
    scoring: 'https://prod.westeurope.inference.ml.azure.com/score',
  },
  {
    environment: 'AzureUSGovernment',
    resourceManagerUrl: 'https://management.usgovcloudapi.net/',
    authority: 'https://login.microsoftonline.us',
    dataPlane: 'https://usgovvirginia.api.ml.azure.us/history/v1.0',
    scoring: 'https://prod.usgovvirginia.inference.ml.azure.us/score',
  },
  {
    environment: 'AzureChinaCloud',
    resourceManagerUrl: 'https://management.chinacloudapi.cn/',
    authority: 'https://login.chinacloudapi.cn',
    dataPlane: 'https://chinaeast2.api.ml.azure.cn/history/v1.0',
    scoring: 'https://prod.chinaeast2.inference.ml.azure.cn/score',
  },
] as const;

describe('The cloud of a service connection', () => {
  for (const { environment, resourceManagerUrl, authority, dataPlane, scoring } of CLOUDS) {
    it(`knows authority, scope and hosts of ${environment}`, () => {
      const cloud = cloudOf({ environment, resourceManagerUrl });
      assert.equal(cloud.name, environment);
      assert.equal(cloud.authorityUrl, authority);
      assert.equal(cloud.scope, `${resourceManagerUrl}.default`);
      for (const url of [`${resourceManagerUrl}subscriptions`, dataPlane, scoring]) {
        assert(mayReceiveToken(cloud, url), url);
        for (const other of CLOUDS.filter((one) => one.environment !== environment))
          assert.equal(mayReceiveToken(cloudOf(other), url), false, `${other.environment} ${url}`);
      }
    });
  }

  it('takes the addresses of a custom cloud from the connection', () => {
    const cloud = cloudOf({
      environment: 'AzureStack',
      resourceManagerUrl: 'https://management.local.azurestack.external/',
      authorityUrl: 'https://login.example.org/',
    });
    assert.equal(cloud.authorityUrl, 'https://login.example.org');
    assert.equal(cloud.scope, 'https://management.local.azurestack.external/.default');
    assert.equal(mayReceiveToken(cloud, 'https://management.local.azurestack.external/x'), true);
    assert.equal(mayReceiveToken(cloud, 'https://westeurope.api.azureml.ms/x'), false);
  });

  it('lets the authority of the connection win over the built-in one', () => {
    const cloud = cloudOf({ ...CLOUDS[0], authorityUrl: 'https://login.example.org/' });
    assert.equal(cloud.authorityUrl, 'https://login.example.org');
  });

  it('sends no token without TLS, and none to hosts that only look alike', () => {
    const cloud = cloudOf(CLOUDS[0]);
    for (const url of [
      'http://management.azure.com/x',
      'https://management.azure.com.example.org/x',
      'https://api.azureml.ms.example.org/x',
      'https://evilazureml.ms/x',
    ])
      assert.equal(mayReceiveToken(cloud, url), false, url);
  });
});
