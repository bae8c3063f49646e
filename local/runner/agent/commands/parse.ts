/** A logging command: `##vso[area.event key=value;]data`. */
export interface Command {
  readonly area: string;
  readonly event: string;
  /** Keys in lower case; properties without a value are left out. */
  readonly properties: ReadonlyMap<string, string>;
  readonly data: string;
}

const PREFIX = '##vso[';

/** What a line is to the agent: ordinary text, a command, or something that wants to be one and cannot be read. */
export type ReadLine =
  | { readonly kind: 'text' }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'command'; readonly command: Command };

/** The command may stand anywhere in the line; text before it is dropped, and it ends at the first `]`. */
export function readLine(line: string): ReadLine {
  const at = line.indexOf(PREFIX);
  if (at < 0) return { kind: line.includes('##vso') ? 'unreadable' : 'text' };
  const end = line.indexOf(']', at);
  if (end < 0) return { kind: 'unreadable' };
  const inside = line.slice(at + PREFIX.length, end);
  const blank = inside.indexOf(' ');
  const name = blank < 0 ? inside : inside.slice(0, blank);
  const [area, event, ...rest] = name.trim().split('.').filter(Boolean);
  if (!area || !event || rest.length > 0) return { kind: 'unreadable' };
  const properties = readProperties(blank < 0 ? '' : inside.slice(blank + 1));
  const data = unescape(line.slice(end + 1));
  return {
    kind: 'command',
    command: { area: area.toLowerCase(), event: event.toLowerCase(), properties, data },
  };
}

function readProperties(text: string): Map<string, string> {
  const properties = new Map<string, string>();
  for (const pair of text.split(';')) {
    const equals = pair.indexOf('=');
    const key = pair.slice(0, Math.max(equals, 0)).trim().toLowerCase();
    const value = pair.slice(equals + 1);
    if (equals > 0 && key && value) properties.set(key, unescape(value));
  }
  return properties;
}

const ESCAPES: readonly (readonly [RegExp, string])[] = [
  [/%3B/g, ';'],
  [/%0D/g, '\r'],
  [/%0A/g, '\n'],
  [/%5D/g, ']'],
  // Last, so that an escaped percent sign never makes a new escape.
  [/%AZP25/g, '%'],
];

function unescape(text: string): string {
  return ESCAPES.reduce((result, [escape, mark]) => result.replace(escape, mark), text);
}
