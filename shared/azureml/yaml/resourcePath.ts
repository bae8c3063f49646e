import type { Compilation } from './compilation.ts';

/** Where a compilation is PUT, below the workspace (`/jobs/x`); what the caller has yet to name stands in braces. */
export function resourcePath({ use, name, version, endpointName }: Compilation): string {
  const named = name ?? '{name}';
  const numbered = `${named}/versions/${version ?? '{version}'}`;
  const endpoint = endpointName ?? '{endpoint}';
  switch (use) {
    case 'job':
    case 'dataImport':
      return `/jobs/${named}`;
    case 'component':
      return `/components/${numbered}`;
    case 'environment':
    case 'model':
      return `/${use}s/${numbered}`;
    case 'data':
      return `/data/${numbered}`;
    case 'datastore':
    case 'schedule':
    case 'compute':
    case 'connection':
      return `/${use}s/${named}`;
    case 'onlineEndpoint':
    case 'batchEndpoint':
      return `/${use}s/${named}`;
    case 'onlineDeployment':
      return `/onlineEndpoints/${endpoint}/deployments/${named}`;
    case 'batchDeployment':
      return `/batchEndpoints/${endpoint}/deployments/${named}`;
    case 'workspace':
      return '';
  }
}
