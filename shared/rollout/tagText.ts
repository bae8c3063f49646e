/** Azure keeps 256 characters of a tag's value. */
const LONGEST = 256;

/** One text as one or more tags: `name`, `name.2`, `name.3`; none for an empty text. Cut between words. */
export function splitTag(name: string, text: string): Readonly<Record<string, string>> {
  const parts: string[] = [];
  for (const word of text.split(' ').filter(Boolean)) {
    const last = parts.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= LONGEST)
      parts[parts.length - 1] = `${last} ${word}`;
    else parts.push(word);
  }
  return Object.fromEntries(parts.map((part, index) => [index === 0 ? name : `${name}.${index + 1}`, part]));
}

/** The text that `splitTag` cut; empty where there is no such tag. */
export function joinTag(tags: Readonly<Record<string, string>>, name: string): string {
  const parts: string[] = [];
  for (let index = 1; ; index += 1) {
    const part = tags[index === 1 ? name : `${name}.${index}`];
    if (part === undefined) return parts.join(' ');
    parts.push(part);
  }
}
