import type { Command } from 'commander';
import { askAdmin } from './admin.ts';
import { stateFolders } from './state.ts';

interface ClockFlags {
  readonly advance?: string;
  readonly set?: string;
  readonly freeze?: true;
  readonly go?: true;
  readonly reset?: true;
  readonly home?: string;
}

/** `azureml-local clock`: shows and moves the workspace's clock. */
export function addClock(cli: Command, print: (line: string) => void): void {
  cli
    .command('clock')
    .description("show the embedded workspace's clock, or move it")
    .option('--advance <duration>', 'move it on, for example by PT2H')
    .option('--set <time>', 'set it, for example to 2027-01-31T08:00:00Z')
    .option('--freeze', 'let it stand still')
    .option('--go', 'let it go on')
    .option('--reset', "set it to the machine's time, and let it go on")
    .option('--home <folder>', 'where the workspace is kept (default: .azureml-local)')
    .action(async (flags: ClockFlags) => print(await clock(flags)));
}

async function clock({ advance, set, freeze, go, reset, home }: ClockFlags): Promise<string> {
  const change = {
    ...(advance === undefined ? {} : { advance }),
    ...(set === undefined ? {} : { set }),
    ...(freeze ? { freeze: true } : go || reset ? { freeze: false } : {}),
    ...(reset ? { reset: true } : {}),
  };
  const { workspace } = stateFolders(home);
  const isLook = Object.keys(change).length === 0;
  const { now, aheadInSeconds, frozen } = isLook
    ? await askAdmin(workspace, 'GET', 'clock')
    : await askAdmin(workspace, 'POST', 'clock', JSON.stringify(change));
  const ahead =
    aheadInSeconds === 0 ? "the machine's time" : `${Number(aheadInSeconds)} s ahead of the machine`;
  return `${String(now)} (${ahead}${frozen === true ? ', standing still' : ''})`;
}
