import { LEFT_OUT, type Hint } from './bodies.ts';

/** What the bodies of a resource need from the workspace they are sent to. */
export interface Surroundings {
  /** The workspace's ARM id. */
  readonly workspace: string;
}

/** A resource whose bodies are generated and sent. */
export interface Generated {
  /** As the published types name it, below `workspaces`. */
  readonly resource: string;
  /** The path of the `number`th body. */
  readonly path: (number: number) => string;
  /** Further kinds of bodies that no discriminator tells apart, each with what its members must hold. */
  readonly hints: (surroundings: Surroundings) => readonly Hint[];
  /** Members that the service needs although the schema does not; patterns of paths. */
  readonly needs?: readonly RegExp[];
  /** The kind by discriminator that operations are tried with; absent: the first. */
  readonly tried?: string;
  /** Kinds by discriminator that are understood and not offered, with the reason. */
  readonly refused?: Readonly<Record<string, string>>;
}

/** A hint from patterns of paths to values; the first that matches counts. */
function hints(...entries: readonly (readonly [RegExp, unknown])[]): Hint {
  return (path) => entries.find(([pattern]) => pattern.test(path))?.[1];
}

const ELSEWHERE = 'no services beyond this machine stand behind such a compute';

/** A container is made by its first version, and may be written by itself. */
const containers: readonly Generated[] = ['codes', 'components', 'data', 'environments', 'models'].map(
  (resource) => ({
    resource,
    path: (number) => `${resource}/container-${number}`,
    hints: () => [hints()],
  }),
);

/** Every resource that is offered and has a body. */
export const generated: readonly Generated[] = [
  ...containers,
  { resource: 'codes/versions', path: (number) => `codes/c-${number}/versions/1`, hints: () => [hints()] },
  {
    resource: 'components/versions',
    needs: [/componentSpec$/],
    path: (number) => `components/c-${number}/versions/1`,
    hints: () => [
      hints([
        /componentSpec$/,
        { name: 'c', version: '1', type: 'command', command: 'echo', environment: 'azureml:e:1' },
      ]),
    ],
  },
  { resource: 'data/versions', path: (number) => `data/d-${number}/versions/1`, hints: () => [hints()] },
  {
    resource: 'environments/versions',
    needs: [/\.(image|build)$/],
    path: (number) => `environments/e-${number}/versions/1`,
    hints: () => [
      hints([/\.build$/, LEFT_OUT], [/\.image$/, 'python:3']),
      hints([/\.(image|condaFile)$/, LEFT_OUT], [/\.build$/, { contextUri: 'https://github.com/a/b' }]),
    ],
  },
  {
    resource: 'models/versions',
    needs: [/modelUri$/],
    path: (number) => `models/m-${number}/versions/1`,
    hints: () => [
      hints(
        [/modelUri$/, 'azureml://datastores/workspaceblobstore/paths/m'],
        // The request schema and the types contradict each other here.
        [/\.flavors$/, LEFT_OUT],
      ),
    ],
  },
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
