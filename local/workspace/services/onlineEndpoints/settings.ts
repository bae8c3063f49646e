import type { Store } from '../../store/store.ts';

/** What on Azure other people and the subscription decide; here an operator or a test does. */
export interface OnlineSettings {
  /** Endpoint names that somebody else in the region has. */
  readonly takenNames: readonly string[];
  /** Cores all managed deployments may have together; absent: no limit. */
  readonly coreLimit?: number;
  /** Processes a deployment is given at most, whatever its instance count: this is one machine. */
  readonly processesPerDeployment: number;
  /** Crashes before the first readiness after which a deployment has failed. */
  readonly crashLimit: number;
  /** First pause before a container is started again; it doubles with every crash. */
  readonly restartBackoffInMs: number;
}

const DEFAULTS: OnlineSettings = {
  takenNames: [],
  processesPerDeployment: 4,
  crashLimit: 2,
  restartBackoffInMs: 500,
};

const KEY = 'settings';

export function onlineSettings(store: Store): OnlineSettings {
  return { ...DEFAULTS, ...store.collection<Partial<OnlineSettings>>('onlineSettings').get(KEY) };
}

export async function keepOnlineSettings(store: Store, settings: Partial<OnlineSettings>): Promise<void> {
  await store.collection<Partial<OnlineSettings>>('onlineSettings').put(KEY, settings);
}
