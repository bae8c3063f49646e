const LONGEST_TEXT = 300;

/**
 * One line of plain text: control and formatting characters (line breaks, escape sequences, invisible and direction marks,
 * which could make a page say something else than it shows) become spaces or go; what is very long is cut.
 */
export function oneLine(text: string): string {
  const line = text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/[\p{Cf}\p{Surrogate}\p{Private_Use}\p{Unassigned}]/gu, '')
    .trim();
  return [...line].length > LONGEST_TEXT ? `${[...line].slice(0, LONGEST_TEXT - 1).join('')}…` : line;
}

/** The agent acts on `##vso[` and `##[` anywhere in a line of a log, and tools quote pages into logs: the mark is parted. */
export function withoutCommands(text: string): string {
  return text.replace(/##(?=\s*(?:vso|\[))/gi, '# # ');
}

/** A web address that may be made a link of; undefined for any other. */
export function webAddress(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, username, href } = new URL(url);
  return (protocol === 'https:' || protocol === 'http:') && username === '' ? withoutMarks(href) : undefined;
}

/** A second `#` has no meaning in an address; encoded, it cannot be read as the beginning of a command either. */
function withoutMarks(href: string): string {
  const [address = '', ...fragment] = href.split('#');
  return fragment.length === 0 ? address : `${address}#${fragment.join('%23')}`;
}
