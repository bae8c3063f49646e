import path from 'node:path';
import {
  continueRelease,
  inspectRelease,
  readTaskCatalog,
  runRelease,
  type ReleaseSettings,
  type RunOutcome,
  type RunSettings,
  type ServiceConnection,
} from '../runner/index.ts';
import { Problem } from '../../shared/problem/index.ts';
import type { WorkspaceAddress } from '../workspace/address.ts';
import { artifactTypes } from './artifactTypes.ts';
import { pairs } from './pairs.ts';
import { builtFolder, type StateFolders } from './state.ts';

/** What releases add to the command line. */
export interface ReleaseFlags {
  readonly artifact?: string[];
  readonly variableGroup?: string[];
  readonly taskGroup?: string[];
  readonly leaveOut?: string[];
  readonly standIn?: string[];
  readonly connection?: string[];
  readonly deploy?: string[];
  readonly expire?: true;
  readonly realTime?: true;
  readonly scheduled?: true;
}

/** What a release needs from the rest of the program. */
export interface Surroundings {
  readonly address: WorkspaceAddress;
  readonly settings: RunSettings;
  readonly folders: StateFolders;
}

/** Reads a definition, before anything is started for it. */
export async function inspectReleaseFile(file: string, flags: ReleaseFlags) {
  const shown = path.relative(process.cwd(), file) || file;
  return inspectRelease({
    ...{ path: file, file: shown.startsWith('..') ? file : shown },
    catalog: await readTaskCatalog([builtFolder('tasks')]),
    variableGroups: flags.variableGroup ?? [],
    taskGroups: flags.taskGroup ?? [],
    leaveOut: flags.leaveOut ?? [],
    standIns: pairs('stand-in', flags.standIn),
  });
}

/** Makes a release of a definition and deploys it against the embedded workspace. */
export async function runReleaseFile(
  file: string,
  { plan, problems }: Awaited<ReturnType<typeof inspectReleaseFile>>,
  flags: ReleaseFlags & { readonly variables: Readonly<Record<string, string>> },
  around: Surroundings,
): Promise<RunOutcome> {
  const settings = await releaseSettings(flags, around, pairs('connection', flags.connection));
  return runRelease({
    ...settings,
    ...{ plan: { ...plan, file }, problems },
    runsFolder: around.folders.runs,
    artifacts: pairs('artifact', flags.artifact),
    variables: flags.variables,
    scheduled: flags.scheduled ?? false,
  });
}

/** Goes on with a release that waits, or deploys to a stage of it once more. */
export async function resumeRelease(
  folder: string,
  flags: ReleaseFlags,
  around: Surroundings,
): Promise<RunOutcome> {
  return continueRelease(folder, await releaseSettings(flags, around, pairs('connection', flags.connection)));
}

/** What releases work with here. */
export async function releaseSettings(
  flags: ReleaseFlags,
  { address, settings }: Surroundings,
  connections: Readonly<Record<string, string>>,
): Promise<ReleaseSettings> {
  return {
    ...settings,
    connections: [...settings.connections, ...standIns(connections, settings.connections)],
    artifactTypes: await artifactTypes(address),
    virtualClock: !flags.realTime,
    letApprovalsExpire: flags.expire ?? false,
    deploy: flags.deploy ?? [],
  };
}

/** What a request of one's own may reach without signing in, such as a stand-in for a system that is asked in a gate. */
function openAddress(id: string, url: string): ServiceConnection {
  if (URL.canParse(url))
    return { id: id.toLowerCase(), name: id, url, scheme: 'None', parameters: {}, data: {} };
  throw new Problem({ code: 'input', message: `--connection ${id}=${url}: this is no web address.` });
}

/** An organisation's connection, by the id its definitions name, stood for by one that exists here, or by an address. */
function standIns(
  wanted: Readonly<Record<string, string>>,
  known: readonly ServiceConnection[],
): ServiceConnection[] {
  return Object.entries(wanted).map(([id, name]) => {
    if (/^https?:/i.test(name)) return openAddress(id, name);
    const found = known.find((one) => [one.name, one.id].some((own) => own === name.toLowerCase()));
    if (found) return { ...found, id: id.toLowerCase(), name: id };
    throw new Problem({
      code: 'input',
      message: `--connection ${id}=${name}: there is no service connection '${name}' here.`,
      next: `Known are ${known.map((one) => `'${one.name}'`).join(', ')}.`,
    });
  });
}
