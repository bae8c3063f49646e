/** Where a resource of the REST API is found; clients ask for this table before their first call. */
export interface ResourceLocation {
  readonly id: string;
  readonly area: string;
  readonly resourceName: string;
  readonly routeTemplate: string;
  readonly resourceVersion: number;
  readonly minVersion: string;
  readonly maxVersion: string;
  readonly releasedVersion: string;
}

type Resource = readonly [id: string, area: string, name: string, version: number, route: string];

const BUILDS = '{project}/_apis/{area}/builds/{buildId}';

/** The ids are the published ones, known to every client. */
const RESOURCES: readonly Resource[] = [
  ['e81700f7-3be2-46de-8624-2eb35882fcaa', 'Location', 'ResourceAreas', 1, '_apis/{resource}/{areaId}'],
  [
    '0cd358e1-9217-4d94-8269-1c1ee6f93dcf',
    'build',
    'builds',
    7,
    '{project}/_apis/{area}/{resource}/{buildId}',
  ],
  ['8baac422-4c6e-4de5-8532-db96d92acffa', 'build', 'Timeline', 3, `${BUILDS}/{resource}/{timelineId}`],
  ['f2192269-89fa-4f94-baf6-8fb128c55159', 'build', 'attachments', 2, `${BUILDS}/{resource}/{type}`],
  [
    'af5122d3-3438-485e-a25a-2dbbfde84ee6',
    'build',
    'attachments',
    2,
    `${BUILDS}/{timelineId}/{recordId}/{resource}/{type}/{name}`,
  ],
  ['1db06c96-014e-44e1-ac91-90b2d4b3e984', 'build', 'artifacts', 5, `${BUILDS}/{resource}`],
  ['35a80daf-7f30-45fc-86e8-6b813d9c90df', 'build', 'logs', 2, `${BUILDS}/{resource}/{logId}`],
  ['6e6114b2-8161-44c8-8f6c-c5505782427f', 'build', 'tags', 3, `${BUILDS}/{resource}/{*tag}`],
  [
    '557624af-b29e-4c20-8ab0-0399d2204f3f',
    'distributedtask',
    'events',
    1,
    '{scopeIdentifier}/_apis/{area}/hubs/{hubName}/plans/{planId}/{resource}',
  ],
  [
    '858983e4-19bd-4c5e-864c-507b59b58b12',
    'distributedtask',
    'feed',
    1,
    '{scopeIdentifier}/_apis/{area}/hubs/{hubName}/plans/{planId}/timelines/{timelineId}/records/{recordId}/{resource}',
  ],
  [
    '8893bc5b-35b2-4be7-83cb-99e683551db4',
    'distributedtask',
    'records',
    1,
    '{scopeIdentifier}/_apis/{area}/hubs/{hubName}/plans/{planId}/timelines/{timelineId}/{resource}/{recordId}',
  ],
  [
    '46f5667d-263a-4684-91b1-dff7fdcf64e2',
    'distributedtask',
    'logs',
    1,
    '{scopeIdentifier}/_apis/{area}/hubs/{hubName}/plans/{planId}/{resource}/{logId}',
  ],
  [
    '69a319f4-28c1-4bfd-93e6-ea0ff5c6f1a2',
    'distributedtask',
    'oidctoken',
    1,
    '{scopeIdentifier}/_apis/{area}/hubs/{hubName}/plans/{planId}/jobs/{jobId}/{resource}',
  ],
  ...releaseResources(),
];

function releaseResources(): Resource[] {
  const stage = '{project}/_apis/{area}/releases/{releaseId}/environments/{environmentId}';
  const plan = `${stage}/attempts/{attemptId}/plan/{planId}`;
  const plain: readonly (readonly [id: string, name: string, version: number, key: string])[] = [
    ['a166fde7-27ad-408e-ba75-703c2cc9d500', 'releases', 9, '{releaseId}'],
    ['d8f96f24-8ea7-4cb6-baab-2df8fc515665', 'definitions', 4, '{definitionId}'],
    ['b47c6458-e73b-47cb-a770-4df1e8813a91', 'approvals', 3, ''],
    ['9328e074-59fb-465a-89d9-b09c82ee5109', 'approvals', 3, '{approvalId}'],
    ['b005ef73-cddc-448e-9ba2-5193bf36b19f', 'deployments', 2, ''],
    ['2666a539-2001-4f80-bcc7-0379956749d4', 'gates', 1, '{gateStepId}'],
  ];
  return [
    ...plain.map(([id, name, version, key]): Resource => [
      id,
      'Release',
      name,
      version,
      `{project}/_apis/{area}/{resource}${key && `/${key}`}`,
    ]),
    ['a7e426b1-03dc-48af-9dfe-c98bac612dcb', 'Release', 'environments', 8, stage],
    ['a4d06688-0dfa-4895-82a5-f43ec9452306', 'Release', 'attachments', 1, `${plan}/{resource}/{type}`],
    [
      '60b86efb-7b8c-4853-8f9f-aa142b77b479',
      'Release',
      'attachments',
      1,
      `${plan}/timelines/{timelineId}/records/{recordId}/{resource}/{type}/{name}`,
    ],
    [
      '17c91af7-09fd-4256-bff1-c24ee4f73bc0',
      'Release',
      'logs',
      2,
      `${stage}/deployPhases/{releaseDeployPhaseId}/tasks/{taskId}/{resource}`,
    ],
  ];
}

export function locationsOf(area: string | undefined): ResourceLocation[] {
  const wanted = RESOURCES.filter(([, of]) => of.toLowerCase() === (area ?? of).toLowerCase());
  return wanted.map(([id, of, resourceName, resourceVersion, routeTemplate]) => ({
    id,
    area: of,
    resourceName,
    routeTemplate,
    resourceVersion,
    minVersion: '1.0',
    maxVersion: '7.2',
    releasedVersion: '7.1',
  }));
}
