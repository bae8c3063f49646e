import type { WorkspaceAddress } from '../workspace/address.ts';
import { connectionTo } from './connection.ts';
import { clientEnvironment, workspacePathOf } from './environment.ts';
import { needRunning, type PlaceFlags } from './place.ts';
import { linesFor, type Shell } from './shells.ts';
import { withSignIn } from './signIn.ts';
import { trustingEnvironment } from './trust.ts';

export interface EnvironmentFlags extends PlaceFlags {
  readonly shell: Shell;
  /** For `mlflow` without `azureml-mlflow`. */
  readonly plainMlflow?: true;
}

/** What to run in a shell or a program before its clients are started. */
export async function environmentLines(flags: EnvironmentFlags): Promise<string[]> {
  const { address } = await needRunning(flags);
  const { REQUESTS_CA_BUNDLE = address.caFile } = await trustingEnvironment(address.caFile, process.env);
  const noProxy = process.env['NO_PROXY'] ?? process.env['no_proxy'];
  const variables = clientEnvironment(address, {
    caBundle: REQUESTS_CA_BUNDLE,
    ...(flags.plainMlflow ? { plainMlflowToken: await withSignIn(address, ({ token }) => token) } : {}),
    ...(noProxy ? { noProxy } : {}),
  });
  return linesFor(flags.shell, variables, notesFor(address, flags.shell));
}

function notesFor(address: WorkspaceAddress, shell: Shell): string[] {
  const { url, parameters, data } = connectionTo(address);
  const connection = { url, ...parameters, ...data };
  return [
    ...endpointLines(address),
    ...howTo[shell],
    '',
    'A service connection of Azure DevOps (Azure Resource Manager, environment Azure Stack):',
    ...Object.entries(connection).map(([name, value]) => `  ${name}: ${value}`),
  ];
}

/** Where everything is. */
export function endpointLines(address: WorkspaceAddress): string[] {
  return [
    `Resource Manager, run history, MLflow, scoring  ${address.apiUrl}`,
    `Blob storage                                    ${address.blobUrl}`,
    `  under its host name                           ${address.accountUrl} (by the proxy ${address.proxyUrl})`,
    `Workspace                                       ${workspacePathOf(address)}`,
    `CA certificate                                  ${address.caFile}`,
  ];
}

const howTo: Readonly<Record<Shell, readonly string[]>> = {
  bash: ['', 'Use it: eval "$(npx --no-install azureml-local env --shell bash)"'],
  powershell: [
    '',
    'Use it: npx --no-install azureml-local env --shell powershell | Out-String | Invoke-Expression',
  ],
  python: ['', 'Run this before azure-ai-ml, mlflow or requests are imported.'],
  node: [''],
  json: [],
};
