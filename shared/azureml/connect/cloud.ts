/** An Azure cloud: where to sign in, where Resource Manager is, and which hosts may see its tokens. URLs without trailing slash. */
export interface Cloud {
  readonly name: string;
  readonly authorityUrl: string;
  readonly resourceManagerUrl: string;
  /** Scope of Resource Manager and of the workspace's data plane. */
  readonly scope: string;
  /** Scope of the directory tokens that endpoints of auth mode AADToken take: the service itself, not Resource Manager. */
  readonly scoringScope: string;
  /** Studio address for links, or undefined where there is none. */
  readonly studioUrl: string | undefined;
  /** Host suffixes, with their leading dot, of the workspace data plane and of scoring. */
  readonly dataPlaneSuffixes: readonly string[];
}

const KNOWN: readonly Cloud[] = [
  {
    name: 'AzureCloud',
    authorityUrl: 'https://login.microsoftonline.com',
    resourceManagerUrl: 'https://management.azure.com',
    scope: 'https://management.azure.com/.default',
    scoringScope: 'https://ml.azure.com/.default',
    studioUrl: 'https://ml.azure.com',
    dataPlaneSuffixes: ['.azureml.ms', '.ml.azure.com'],
  },
  {
    name: 'AzureUSGovernment',
    authorityUrl: 'https://login.microsoftonline.us',
    resourceManagerUrl: 'https://management.usgovcloudapi.net',
    scope: 'https://management.usgovcloudapi.net/.default',
    scoringScope: 'https://ml.azure.us/.default',
    studioUrl: 'https://ml.azure.us',
    dataPlaneSuffixes: ['.azureml.us', '.ml.azure.us'],
  },
  {
    name: 'AzureChinaCloud',
    authorityUrl: 'https://login.chinacloudapi.cn',
    resourceManagerUrl: 'https://management.chinacloudapi.cn',
    scope: 'https://management.chinacloudapi.cn/.default',
    scoringScope: 'https://ml.azure.cn/.default',
    studioUrl: 'https://studio.ml.azure.cn',
    dataPlaneSuffixes: ['.ml.azure.cn', '.azureml.cn'],
  },
];

/**
 * The cloud a service connection means. A connection's own Resource Manager and authority URLs win over the built-in
 * ones, which is how Azure Stack and other custom clouds (and a workspace on this machine) are reached.
 */
export function cloudOf(connection: {
  readonly environment: string;
  readonly resourceManagerUrl: string;
  readonly authorityUrl?: string;
}): Cloud {
  const base = trimmed(connection.resourceManagerUrl);
  const known = KNOWN.find((cloud) => cloud.resourceManagerUrl === base);
  const named =
    known ?? KNOWN.find((cloud) => cloud.name.toLowerCase() === connection.environment.toLowerCase());
  const authorityUrl = trimmed(connection.authorityUrl ?? named?.authorityUrl ?? KNOWN[0]!.authorityUrl);
  if (known) return { ...known, authorityUrl };
  return {
    name: connection.environment,
    authorityUrl,
    resourceManagerUrl: base,
    scope: `${base}/.default`,
    scoringScope: named?.scoringScope ?? KNOWN[0]!.scoringScope,
    studioUrl: named?.studioUrl,
    dataPlaneSuffixes: named?.dataPlaneSuffixes ?? [],
  };
}

/** Whether a token of this cloud may be sent to this address. */
export function mayReceiveToken(cloud: Cloud, url: string): boolean {
  const { protocol, host, hostname } = new URL(url);
  if (protocol !== 'https:') return false;
  return (
    host === new URL(cloud.resourceManagerUrl).host ||
    cloud.dataPlaneSuffixes.some((end) => hostname.endsWith(end))
  );
}

function trimmed(url: string): string {
  return url.replace(/\/+$/, '');
}
