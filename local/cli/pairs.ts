import { Problem } from '../../shared/problem/index.ts';

/** Gathers an option that may be given again. */
export function collect(value: string, all: string[] | undefined): string[] {
  return [...(all ?? []), value];
}

/** Options of the form `name=value`, which may be given several times. */
export function pairs(flag: string, values: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    values.map((value) => {
      const at = value.indexOf('=');
      if (at > 0) return [value.slice(0, at), value.slice(at + 1)];
      throw new Problem({
        code: 'input',
        message: `--${flag} '${value}' is not of the form name=value.`,
        next: `Write it as --${flag} name=value.`,
      });
    }),
  );
}
