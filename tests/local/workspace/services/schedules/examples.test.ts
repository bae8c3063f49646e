import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { resolveAssets } from '../../../../../shared/azureml/assets/index.ts';
import { compileFile, readYamlFile, resourcePath } from '../../../../../shared/azureml/yaml/index.ts';
import { clientFor } from '../../../../shared/delivery/workspace.ts';
import { openLab, type Lab } from '../jobs/lab.ts';

const EXAMPLES = fileURLToPath(new URL('../../../../../../shared/azureml-yaml/cli', import.meta.url));
/** Those that the reference client reads, too. */
const FILES = [
  'monitoring/out-of-box-monitoring.yaml',
  'monitoring/advanced-model-monitoring.yaml',
  'monitoring/model-monitoring-with-collected-data.yaml',
  'monitoring/custom-monitoring.yaml',
  'assets/data/simple_import_schedule.yml',
  'assets/data/data_import_schedule_database_inline.yml',
];

describe('schedules of the published examples', () => {
  let lab: Lab;
  before(async () => {
    assert.ok(existsSync(EXAMPLES), `The published examples are expected in ${EXAMPLES}.`);
    lab = await openLab();
    const location = lab.address.location;
    const collections = Object.fromEntries(
      ['model_inputs', 'model_outputs', 'app_traces'].map((name) => [
        name,
        { dataCollectionMode: 'Enabled', dataId: `${lab.id}/data/${name}/versions/1` },
      ]),
    );
    for (const name of ['model_inputs', 'model_outputs', 'app_traces'])
      await lab.put(`/data/${name}/versions/1`, {
        dataType: 'uri_folder',
        dataUri: 'azureml://datastores/workspaceblobstore/paths/collected/',
      });
    for (const [endpoint, deployment] of [
      ['credit-default', 'main'],
      ['fraud-detection-endpoint', 'fraud-detection-deployment'],
    ]) {
      const url = lab.url(`/onlineEndpoints/${endpoint}`);
      await lab.send('PUT', url, { body: { location, properties: { authMode: 'Key' } } });
      const body = {
        location,
        properties: {
          endpointComputeType: 'Managed',
          instanceType: 'Standard_DS2_v2',
          environmentId: lab.environmentId,
          codeConfiguration: {
            codeId: await lab.code('none', { 'score.py': '' }),
            scoringScript: 'score.py',
          },
          dataCollector: { collections },
        },
        sku: { name: 'Default', capacity: 1 },
      };
      const made = await lab.send('PUT', lab.url(`/onlineEndpoints/${endpoint}/deployments/${deployment}`), {
        body,
      });
      assert.equal(made.status, 201, made.text);
    }
  });
  after(() => lab.stop());

  for (const file of FILES)
    it(`takes ${file}`, async () => {
      const compilation = compileFile(readYamlFile(`${EXAMPLES}/${file}`), { use: 'schedule' });
      const client = clientFor(lab, 'Schedules');
      const { body } = await resolveAssets(compilation, client.assets);
      const path = `${lab.id}${resourcePath(compilation)}?api-version=${compilation.apiVersion ?? '2025-12-01'}`;
      const made = await lab.send('PUT', path, { body });
      // Two of them have the same name.
      assert.ok(made.status < 300, made.text);
    });
});
