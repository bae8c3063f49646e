/** Ways in which settings can be printed so that they can be run. */
export const SHELLS = ['bash', 'powershell', 'python', 'node', 'json'] as const;
export type Shell = (typeof SHELLS)[number];

/** The variables as lines of the shell or language, with notes as comments. */
export function linesFor(
  shell: Shell,
  variables: Readonly<Record<string, string>>,
  notes: readonly string[],
): string[] {
  const entries = Object.entries(variables);
  switch (shell) {
    case 'bash':
      return [...comments('#', notes), ...entries.map(([name, value]) => `export ${name}=${inSh(value)}`)];
    case 'powershell':
      return [
        ...comments('#', notes),
        ...entriesWithoutCase(entries).map(
          ([name, value]) => `$env:${name} = '${value.replaceAll("'", "''")}'`,
        ),
      ];
    case 'python':
      return [
        ...comments('#', notes),
        'import os',
        ...entries.map(([name, value]) => `os.environ[${JSON.stringify(name)}] = ${JSON.stringify(value)}`),
      ];
    case 'node':
      return [
        ...comments('//', [
          ...notes,
          'Node reads NODE_EXTRA_CA_CERTS when it starts: give that one to the process itself.',
        ]),
        `Object.assign(process.env, ${JSON.stringify(variables, undefined, 2)});`,
      ];
    case 'json':
      return [JSON.stringify(variables, undefined, 2)];
  }
}

function comments(sign: string, notes: readonly string[]): string[] {
  return notes.map((note) => `${sign} ${note}`.trimEnd());
}

function inSh(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}

/** Windows knows one variable by either spelling. */
function entriesWithoutCase(entries: readonly [string, string][]): [string, string][] {
  return entries.filter(([name]) => name === name.toUpperCase());
}
