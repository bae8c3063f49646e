import { setTimeout as delay } from 'node:timers/promises';
import { chanceOf } from '../../../local/workspace/faults/chance.ts';
import { connect, type Client } from './client.ts';
import { Ledger } from './ledger.ts';
import { beginLife, type Life } from './life.ts';
import { DEEDS } from './load.ts';
import { Worker, type Chance } from './worker.ts';

const WORKERS = 6;
const LONGEST_LOAD_IN_MS = 1500;
const LONGEST_START_IN_MS = 500;
/** How many values of earlier lives are looked at again after each kill; after the last, all are. */
const LOOKED_AT_AGAIN = 40;

export interface TrialSettings {
  /** Node's arguments that start a workspace. */
  readonly program: readonly string[];
  readonly dataFolder: string;
  readonly kills: number;
  readonly seed: number;
  readonly say?: (line: string) => void;
}

export interface TrialResult {
  readonly kills: number;
  readonly killsWithStorage: number;
  readonly acknowledged: number;
  readonly findings: readonly string[];
}

/** Kills the workspace so often, each time at another moment, and compares what it acknowledged with what the next life has. */
export async function trial(settings: TrialSettings): Promise<TrialResult> {
  const { program, dataFolder, kills, seed, say } = settings;
  const ledger = new Ledger();
  const chance = chanceOf(seed, 'kills');
  let killsWithStorage = 0;
  for (let kill = 1; kill <= kills; kill += 1) {
    const withStorage = chance() < 0.5;
    if (withStorage) killsWithStorage += 1;
    const life = beginLife(program, dataFolder);
    if (chance() < 0.1) await delay(chance() * LONGEST_START_IN_MS);
    else await liveFor(life, { ledger, kill, seed, milliseconds: chance() * LONGEST_LOAD_IN_MS, chance });
    await life.kill(withStorage);
    say?.(`${kill} kills, ${ledger.acknowledged} acknowledged, ${ledger.findings.length} findings`);
  }
  const last = beginLife(program, dataFolder);
  await checkAll(last, ledger);
  await last.stop();
  return { kills, killsWithStorage, acknowledged: ledger.acknowledged, findings: ledger.findings };
}

interface Living {
  readonly ledger: Ledger;
  readonly kill: number;
  readonly seed: number;
  readonly milliseconds: number;
  readonly chance: Chance;
}

/** Looks at what the life before left, then writes; returns when it is time to die. */
async function liveFor(life: Life, { ledger, kill, seed, milliseconds, chance }: Living): Promise<void> {
  const client = await connect(await life.address);
  await ledger.check(client, (keys) => some(keys, chance));
  await removeEndpoints(client, ledger);
  for (let worker = 0; worker < WORKERS; worker += 1) {
    const name = `k${kill}w${worker}`;
    void new Worker({ client, ledger, name, chance: chanceOf(seed, name) }).work(DEEDS);
  }
  await delay(milliseconds);
}

/** Azure lets a region have a hundred endpoints: what a life left half way to its end goes first. */
async function removeEndpoints(client: Client, ledger: Ledger): Promise<void> {
  for (const [key, read] of ledger.held('onlineEndpoints/')) {
    if (key.endsWith(' key')) ledger.forget(key);
    else await ledger.make({ key, value: undefined, read, send: () => client.send('DELETE', key) });
  }
}

async function checkAll(life: Life, ledger: Ledger): Promise<void> {
  const client: Client = await connect(await life.address);
  await ledger.check(client, (keys) => keys);
  client.close();
}

function some(keys: readonly string[], chance: Chance): readonly string[] {
  if (keys.length <= LOOKED_AT_AGAIN) return keys;
  return Array.from({ length: LOOKED_AT_AGAIN }, () => keys[Math.floor(chance() * keys.length)]!);
}
