import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { isCode } from './errors.ts';

/** Takes the next build id by making its folder: two runs that start together get two ids. */
export async function takeBuildId(runsFolder: string): Promise<{ id: number; folder: string }> {
  await mkdir(runsFolder, { recursive: true });
  const taken = (await readdir(runsFolder)).filter((name) => /^\d+$/.test(name)).map(Number);
  for (let id = Math.max(0, ...taken) + 1; ; id++) {
    const folder = path.join(runsFolder, String(id));
    if (await makeNew(folder)) return { id, folder };
  }
}

/** Makes a folder; false when it was there already. */
async function makeNew(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

export interface NameRequest {
  readonly format: string;
  readonly now: Date;
  readonly runsFolder: string;
  /** `Build.BuildId`, `Build.DefinitionName`, ... and the pipeline's own variables. */
  readonly lookup: (name: string) => string | undefined;
}

const REVISION = /\$\(rev:(r+)\)/i;

/** The run's name by the pipeline's format; `$(Rev:r)` counts the runs whose name is otherwise the same. */
export async function runName({ format, now, runsFolder, lookup }: NameRequest): Promise<string> {
  const filled = format.replace(/\$\(([^()]+)\)/g, (macro, name: string) => {
    if (REVISION.test(macro)) return macro;
    return dateIn(name, now) ?? lookup(name) ?? macro;
  });
  const revision = REVISION.exec(filled);
  if (!revision) return filled;
  const names = path.join(runsFolder, '.names');
  await mkdir(names, { recursive: true });
  for (let number = 1; ; number++) {
    const digits = String(number).padStart(revision[1]?.length ?? 1, '0');
    const name = filled.replace(REVISION, digits);
    if (await makeNew(path.join(names, encodeURIComponent(name)))) return name;
  }
}

/** `Date:yyyyMMdd`, `DayOfMonth`, `Hours` and the like; undefined for anything else. */
function dateIn(name: string, now: Date): string | undefined {
  const two = (value: number): string => String(value).padStart(2, '0');
  const parts: Readonly<Record<string, string>> = {
    yyyy: String(now.getFullYear()),
    yy: two(now.getFullYear() % 100),
    MM: two(now.getMonth() + 1),
    dd: two(now.getDate()),
    HH: two(now.getHours()),
    mm: two(now.getMinutes()),
    ss: two(now.getSeconds()),
  };
  const single: Readonly<Record<string, string>> = {
    dayofmonth: String(now.getDate()),
    dayofyear: String(dayOfYear(now)),
    hours: String(now.getHours()),
    minutes: String(now.getMinutes()),
    month: String(now.getMonth() + 1),
    seconds: String(now.getSeconds()),
    'year:yy': parts['yy'] ?? '',
    'year:yyyy': parts['yyyy'] ?? '',
  };
  const format = /^date:?(.*)$/i.exec(name)?.[1];
  if (format === undefined) return single[name.toLowerCase()];
  return (format || 'yyyyMMdd').replace(/yyyy|yy|MM|dd|HH|mm|ss/g, (part) => parts[part] ?? part);
}

function dayOfYear(now: Date): number {
  const start = Date.UTC(now.getFullYear(), 0, 0);
  return Math.round((Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) - start) / 86_400_000);
}
