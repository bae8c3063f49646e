import { existsSync } from 'node:fs';
import path from 'node:path';
import { Problem } from '../../../../shared/problem/index.ts';
import type { Findings } from '../../read/findings.ts';

/** What whoever rehearses wants of tasks, by display names and ids in small letters. */
export interface Wishes {
  readonly leaveOut: ReadonlySet<string>;
  /** Scripts in place of tasks. */
  readonly standIns: ReadonlyMap<string, string>;
  /** Names that a task was found for. */
  readonly met: Set<string>;
}

/** As typed. */
export interface TypedWishes {
  /** Names and ids of tasks; `unsupported` is every task that nothing here runs. */
  readonly leaveOut?: readonly string[];
  /** Script files by names and ids of tasks. */
  readonly standIns?: Readonly<Record<string, string>>;
}

/** In place of a name: all tasks that nothing here runs. */
export const UNSUPPORTED = 'unsupported';

/** Reads what was typed; every script has to be there. */
export function readWishes({ leaveOut = [], standIns = {} }: TypedWishes, findings: Findings): Wishes {
  const scripts = Object.entries(standIns).map(
    ([name, file]) => [name.toLowerCase(), path.resolve(file)] as const,
  );
  for (const [name, file] of scripts.filter(([, one]) => !existsSync(one)))
    findings.add(
      new Problem({ code: 'input', message: `--stand-in ${name}=${file}: there is no such file.` }),
    );
  const names = leaveOut.map((name) => name.toLowerCase());
  return { leaveOut: new Set(names), standIns: new Map(scripts), met: new Set() };
}

/** A wish for a task that is not there was mistyped: nobody would notice. */
export function checkWishes({ leaveOut, standIns, met }: Wishes, findings: Findings): void {
  const flags = [
    ...[...leaveOut].filter((name) => name !== UNSUPPORTED).map((name) => ['leave-out', name] as const),
    ...[...standIns.keys()].map((name) => ['stand-in', name] as const),
  ];
  for (const [flag, name] of flags.filter(([, one]) => !met.has(one)))
    findings.add(
      new Problem({
        code: 'input',
        message: `--${flag} ${name}: no task of the definition has this name or id.`,
        next: 'Names are those that the stage shows.',
      }),
    );
}
