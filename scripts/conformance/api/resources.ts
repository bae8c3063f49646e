import { assets, registries, workspaces } from './assets.ts';
import { LEFT_OUT } from './bodies.ts';
import { hints, type Generated } from './generated.ts';

const ELSEWHERE = 'no services beyond this machine stand behind such a compute';

/** Every resource that is offered and has a body. */
export const generated: readonly Generated[] = [
  ...assets,
  workspaces,
  ...registries,
  {
    resource: 'datastores',
    path: (number) => `datastores/d_${number}`,
    hints: () => [hints()],
    needs: [/\.(accountName|containerName)$/, /secrets\.(key|sasToken|clientSecret|certificate)$/],
    refused: { OneLake: 'no such storage stands behind it' },
  },
  {
    resource: 'computes',
    tried: 'AmlCompute',
    needs: [/^properties\.properties$/, /vmSize$/, /^location$/],
    path: (number) => `computes/c-${number}`,
    hints: () => [hints([/minNodeCount$/, 0], [/vmSize$/, 'STANDARD_D2_V2'], [/osType$/, 'Linux'])],
    refused: Object.fromEntries(
      [
        'AKS',
        'Databricks',
        'DataFactory',
        'DataLakeAnalytics',
        'HDInsight',
        'SynapseSpark',
        'VirtualMachine',
      ].map((type) => [type, ELSEWHERE]),
    ),
  },
  {
    resource: 'jobs',
    tried: 'Command',
    needs: [/^properties\.jobs$/],
    path: (number) => `jobs/j-${number}`,
    hints: ({ workspace }) => [
      hints(
        [/\.environmentId$/, `${workspace}/environments/known/versions/1`],
        [/\.codeId$/, `${workspace}/codes/known/versions/1`],
        [/\.computeId$/, `${workspace}/computes/cpu-cluster`],
        [/\.componentId$/, LEFT_OUT],
        [/\.command$/, 'true'],
        [/^properties\.jobs$/, {}],
        [/eventType$/, 'RunTerminated'],
        [/\.sourceJobId$/, LEFT_OUT],
        [/(inputs|outputs)\.key\.uri$/, 'azureml://datastores/workspaceblobstore/paths/data/'],
        [/(Data|inputs)\.uri$/, 'azureml://datastores/workspaceblobstore/paths/data/'],
        [/^properties\.searchSpace$/, { rate: ['choice', [[1, 2]]] }],
      ),
    ],
  },
  {
    resource: 'schedules',
    needs: [/jobDefinition\.jobs$/],
    path: (number) => `schedules/s-${number}`,
    hints: ({ workspace }) => [
      hints(
        [/trigger\.expression$/, '0 3 * * *'],
        [/trigger\.(startTime|endTime)$/, '2999-01-01T00:00:00'],
        [/trigger\.timeZone$/, 'Pacific Standard Time'],
        [/trigger\.schedule\.(hours|minutes|monthDays)$/, [1]],
        [/\.environmentId$/, `${workspace}/environments/known/versions/1`],
        [/\.codeId$/, `${workspace}/codes/known/versions/1`],
        [/\.computeId$/, `${workspace}/computes/cpu-cluster`],
        [/jobDefinition\.(componentId|sourceJobId)$/, LEFT_OUT],
        [/\.command$/, 'true'],
        [/jobDefinition\.jobs$/, {}],
        [/eventType$/, 'RunTerminated'],
        [/(inputs|outputs)\.key\.uri$/, 'azureml://datastores/workspaceblobstore/paths/data/'],
        [/(Data|inputs)\.uri$/, 'azureml://datastores/workspaceblobstore/paths/data/'],
        [/jobDefinition\.searchSpace$/, { rate: ['choice', [[1, 2]]] }],
      ),
    ],
  },
  {
    resource: 'connections',
    path: (number) => `connections/connection-${number}`,
    hints: () => [hints([/clientId$/, '00000000-0000-0000-0000-000000000000'])],
  },
  {
    resource: 'onlineEndpoints',
    path: (number) => `onlineEndpoints/endpoint-${number}`,
    hints: () => [hints([/(\.traffic|\.mirrorTraffic|\.compute)$/, LEFT_OUT])],
  },
  {
    resource: 'onlineEndpoints/deployments',
    needs: [/\.(model|environmentId|codeConfiguration|codeId)$/],
    path: (number) => `onlineEndpoints/known/deployments/d-${number}`,
    hints: ({ workspace }) => [
      hints(
        [/endpointComputeType$/, 'Managed'],
        [/\.model$/, `${workspace}/models/known/versions/1`],
        [/\.environmentId$/, `${workspace}/environments/known/versions/1`],
        [/\.codeId$/, `${workspace}/codes/known/versions/1`],
        [/\.instanceType$/, 'Standard_DS2_v2'],
        [/requestTimeout$/, 'PT5S'],
        [/sku\.capacity$/, 1],
      ),
    ],
  },
  {
    resource: 'batchEndpoints',
    path: (number) => `batchEndpoints/endpoint-${number}`,
    hints: () => [hints([/\.defaults\.deploymentName$/, LEFT_OUT])],
  },
  {
    resource: 'batchEndpoints/deployments',
    needs: [/\.(model|environmentId|codeConfiguration|codeId|compute|componentId|datastoreId|jobId)$/],
    path: (number) => `batchEndpoints/known/deployments/d-${number}`,
    hints: ({ workspace }) => {
      const model = [
        [/\.componentId\.assetId$/, `${workspace}/components/pipeline/versions/1`],
        [/\.environmentId$/, `${workspace}/environments/known/versions/1`],
        [/\.codeId$/, `${workspace}/codes/known/versions/1`],
        [/\.compute$/, `${workspace}/computes/cpu-cluster`],
        [/\.assetId$/, `${workspace}/models/known/versions/1`],
        [/\.datastoreId$/, `${workspace}/datastores/workspaceblobstore`],
        [/timeout$/, 'PT30S'],
        [/\.outputFileName$/, 'rows.csv'],
      ] as const;
      return [
        hints([/\.deploymentConfiguration$/, LEFT_OUT], ...model),
        hints([/\.model$/, LEFT_OUT], ...model),
      ];
    },
  },
];
