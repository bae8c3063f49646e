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

/** The ids are the published ones, known to every client. */
const RESOURCES: readonly (readonly [
  id: string,
  area: string,
  name: string,
  route: string,
  version: number,
])[] = [
  ['0cd358e1-9217-4d94-8269-1c1ee6f93dcf', 'build', 'builds', '{resource}/{buildId}', 7],
  [
    '8baac422-4c6e-4de5-8532-db96d92acffa',
    'build',
    'Timeline',
    'builds/{buildId}/{resource}/{timelineId}',
    3,
  ],
  ['f2192269-89fa-4f94-baf6-8fb128c55159', 'build', 'attachments', 'builds/{buildId}/{resource}/{type}', 2],
  [
    'af5122d3-3438-485e-a25a-2dbbfde84ee6',
    'build',
    'attachments',
    'builds/{buildId}/{timelineId}/{recordId}/{resource}/{type}/{name}',
    2,
  ],
  ['1db06c96-014e-44e1-ac91-90b2d4b3e984', 'build', 'artifacts', 'builds/{buildId}/{resource}', 5],
  ['35a80daf-7f30-45fc-86e8-6b813d9c90df', 'build', 'logs', 'builds/{buildId}/{resource}/{logId}', 2],
  ['6e6114b2-8161-44c8-8f6c-c5505782427f', 'build', 'tags', 'builds/{buildId}/{resource}/{*tag}', 3],
  [
    '69a319f4-28c1-4bfd-93e6-ea0ff5c6f1a2',
    'distributedtask',
    'oidctoken',
    'hubs/{hubName}/plans/{planId}/jobs/{jobId}/{resource}',
    1,
  ],
];

export function locationsOf(area: string | undefined): ResourceLocation[] {
  const wanted = RESOURCES.filter(([, of]) => area === undefined || of === area.toLowerCase());
  return wanted.map(([id, of, resourceName, route, resourceVersion]) => ({
    id,
    area: of,
    resourceName,
    // The token route calls its project a scope.
    routeTemplate: `${of === 'distributedtask' ? '{scopeIdentifier}' : '{project}'}/_apis/{area}/${route}`,
    resourceVersion,
    minVersion: '1.0',
    maxVersion: '7.2',
    releasedVersion: '7.1',
  }));
}
