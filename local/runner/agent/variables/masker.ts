const HIDDEN = '***';
/** A password inside an address: `//user:password@host`. */
const URL_PASSWORD = /(?<=\/\/[^\s:/?#@]*:)[^\s/?#@]+(?=@)/g;

/** Replaces secrets in text before anything is written, as the agent's secret masker does. */
export interface Masker {
  /** Masks the value from now on: as it is, and in the forms it takes inside JSON, URLs and unescaped text. */
  add(value: string): void;
  /** For secrets known before the job starts: also trimmed, without quotes and in base64. */
  addJobSecret(value: string): void;
  mask(text: string): string;
}

/** `ignoreShorterThan`: the agent's AZP_IGNORE_SECRETS_SHORTER_THAN, at most 6. */
export function createMasker(ignoreShorterThan = 0): Masker {
  const shortest = Math.max(1, Math.min(ignoreShorterThan, 6));
  const secrets = new Set<string>();
  const add = (value: string): void => {
    for (const form of [value, jsonEscaped(value), uriEscaped(value), backslashUnescaped(value)]) {
      if (form.length >= shortest) secrets.add(form);
    }
  };
  return {
    add,
    addJobSecret(value) {
      for (const form of [value, value.trim(), unquoted(value.trim()), base64(value)]) add(form);
    },
    mask: (text) => hide(text, rangesOf(text, secrets)),
  };
}

type Range = readonly [start: number, end: number];

function rangesOf(text: string, secrets: ReadonlySet<string>): Range[] {
  const ranges: Range[] = [];
  for (const secret of secrets) {
    for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1)) {
      ranges.push([at, at + secret.length]);
    }
  }
  for (const match of text.matchAll(URL_PASSWORD)) ranges.push([match.index, match.index + match[0].length]);
  return ranges.sort((a, b) => a[0] - b[0]);
}

/** Overlapping and touching secrets become one mark, so that their lengths do not show. */
function hide(text: string, ranges: readonly Range[]): string {
  let result = '';
  let shown = 0;
  for (const [start, end] of ranges) {
    if (start > shown || result === '') result += text.slice(shown, start) + HIDDEN;
    shown = Math.max(shown, end);
  }
  return result + text.slice(shown);
}

function jsonEscaped(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

function uriEscaped(value: string): string {
  try {
    const strict = (mark: string): string => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`;
    return encodeURIComponent(value).replace(/[!'()*]/g, strict);
  } catch {
    // A lone surrogate has no URL form; such a secret keeps its other forms.
    return value;
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '"': '"',
  "'": "'",
  '\\': '\\',
};

function backslashUnescaped(value: string): string {
  return value.replace(/\\([nrt"'\\])/g, (_, mark: string) => ESCAPES[mark] ?? mark);
}

function unquoted(value: string): string {
  const match = /^(["'])(.*)\1$/s.exec(value);
  return match?.[2] ?? value;
}

function base64(value: string): string {
  return Buffer.from(value, 'utf8').toString('base64');
}
