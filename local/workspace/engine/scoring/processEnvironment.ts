import os from 'node:os';
import path from 'node:path';
import type { PreparedEnvironment } from '../environments/index.ts';
import type { RevisionFolders } from './materialise.ts';
import type { DeploymentPlan } from './plan.ts';

/** What a process needs from its machine; everything else of the user's environment stays outside, as with a container. */
const INHERITED = [
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SYSTEMROOT',
  'APPDATA',
  'LOCALAPPDATA',
  'LD_LIBRARY_PATH',
];

/** The environment variables of an inference server, as Azure sets them. */
export function processEnvironment(
  plan: DeploymentPlan,
  folders: RevisionFolders,
  prepared: PreparedEnvironment,
  entryScript: string,
): Record<string, string> {
  const inherited = Object.fromEntries(
    INHERITED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  ) as Record<string, string>;
  return {
    ...inherited,
    PATH: [prepared.binFolder, process.env['PATH'] ?? ''].join(path.delimiter),
    ...homeOf(folders),
    PYTHONUNBUFFERED: '1',
    SERVICE_NAME: plan.endpoint,
    ...plan.environmentVariables,
    AML_APP_ROOT: folders.appRoot,
    AZUREML_ENTRY_SCRIPT: entryScript,
    ...(plan.model ? { AZUREML_MODEL_DIR: folders.modelFolder } : {}),
    AML_APP_INSIGHTS_ENABLED: 'false',
  };
}

/** A home of its own where packages of the user can still be found when the interpreter is the user's. */
function homeOf(folders: RevisionFolders): Record<string, string> {
  if (process.platform === 'win32') return {};
  if (process.platform !== 'linux') return { HOME: os.homedir() };
  return {
    HOME: folders.home,
    PYTHONUSERBASE: process.env['PYTHONUSERBASE'] ?? path.join(os.homedir(), '.local'),
  };
}
