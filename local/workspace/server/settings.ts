import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Problem } from '../../../shared/problem/index.ts';
import type { WorkspaceIdentity } from '../context.ts';
import type { Principal } from '../services/signin/principals.ts';

/** What a data folder decides once: names, ports and the storage account. */
export interface KeptSettings {
  readonly identity: WorkspaceIdentity;
  /** ISO time. */
  readonly createdAt: string;
  readonly apiPort: number;
  readonly blobPort: number;
  readonly proxyPort: number;
  readonly accountName: string;
  readonly accountKey: string;
  /** Opens the admin endpoints. */
  readonly adminToken: string;
}

const FILE = 'workspace.json';

/** The settings in the data folder, or new ones: random ids, so that no two workspaces are taken for each other. */
export async function readSettings(
  dataFolder: string,
  wanted: Partial<WorkspaceIdentity>,
  now: Date,
): Promise<KeptSettings> {
  const file = path.join(dataFolder, FILE);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const kept = text === undefined ? newSettings(now) : parseSettings(text, file);
  return { ...kept, identity: { ...kept.identity, ...wanted } };
}

/** Replaces the settings in the data folder as a whole. */
export async function keepSettings(dataFolder: string, settings: KeptSettings): Promise<void> {
  await writePrivate(path.join(dataFolder, FILE), settings);
}

/** Makes the list of principals with one that may do everything and one that may only read, unless there is a list. */
export async function ensurePrincipals(file: string): Promise<void> {
  if (existsSync(file)) return;
  await writePrivate(file, [newPrincipal('owner', 'contributor'), newPrincipal('reader', 'reader')]);
}

function newPrincipal(name: string, role: Principal['role']): Principal {
  return {
    name,
    clientId: randomUUID(),
    objectId: randomUUID(),
    role,
    secrets: [randomBytes(24).toString('base64url')],
  };
}

function newAdminToken(): string {
  return randomBytes(32).toString('base64url');
}

function newSettings(now: Date): KeptSettings {
  return {
    createdAt: now.toISOString(),
    identity: {
      tenantId: randomUUID(),
      subscriptionId: randomUUID(),
      resourceGroup: 'rg-local',
      workspaceName: 'local',
      workspaceId: randomUUID(),
      location: 'local',
    },
    apiPort: 0,
    blobPort: 0,
    proxyPort: 0,
    accountName: `local${randomBytes(6).toString('hex')}`,
    accountKey: randomBytes(64).toString('base64'),
    adminToken: newAdminToken(),
  };
}

function parseSettings(text: string, file: string): KeptSettings {
  try {
    const value = JSON.parse(text) as KeptSettings;
    // Folders from before there was a proxy, or admin endpoints, know no port or token for them.
    if (value.identity.subscriptionId && value.accountKey)
      return {
        ...value,
        proxyPort: value.proxyPort ?? 0,
        adminToken: value.adminToken ?? newAdminToken(),
      };
  } catch {
    // Worded below, like any other unusable content.
  }
  throw new Problem({
    code: 'file',
    message: `The settings of the embedded workspace in ${file} cannot be read.`,
    next: 'Use another data folder, or delete this one to start with an empty workspace.',
    place: { file },
  });
}

async function writePrivate(file: string, value: unknown): Promise<void> {
  const draft = `${file}.new`;
  await writeFile(draft, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 });
  await rename(draft, file);
}
