import type { Scalar, YAMLMap } from 'yaml';

/*
 * What YAML allows and PyYAML, which the reference client reads with, does not: a file that only we could read would
 * fail in everyone else's hands.
 */

/** The first character that may not stand in a file, if there is one. */
export function oddCharacter(text: string): number | undefined {
  const found = /[^\t\n\r\x20-\x7e\x85\xa0-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u.exec(
    text.startsWith('\ufeff') ? ` ${text.slice(1)}` : text,
  );
  return found?.index;
}

const TAB = 'A tab stands where YAML wants spaces';
const COMMENT = 'A comment after | or > needs a space before it';

/**
 * Tabs may stand in quotes, blocks and comments, but neither between words nor inside a word without quotes; a comment
 * may not touch the header of a block.
 */
export class LexemeWatch {
  #isScalar = false;
  #isBlock = false;
  #isHeader = false;

  /** What is wrong with a piece of the file, in the order the lexer gives them. */
  problem(lexeme: string): string | undefined {
    if (this.#isHeader && lexeme.startsWith('#')) return COMMENT;
    return this.#hasWrongTab(lexeme) ? TAB : undefined;
  }

  /** Whether the piece that comes next is an alias. */
  isAlias(lexeme: string): boolean {
    return !this.#isScalar && lexeme.startsWith('*');
  }

  #hasWrongTab(lexeme: string): boolean {
    this.#isHeader = false;
    const first = lexeme.charAt(0);
    if (this.#isScalar) {
      this.#isScalar = false;
      const isBody = this.#isBlock;
      this.#isBlock = false;
      return !isBody && lexeme.includes('\t');
    }
    if (lexeme === SCALAR_FOLLOWS) this.#isScalar = true;
    else if (first === '|' || first === '>') this.#isBlock = this.#isHeader = true;
    return first === '\t' || (first === ' ' && lexeme.includes('\t'));
  }
}

/** The lexer's mark before a plain scalar or the body of a block. */
const SCALAR_FOLLOWS = '\u001f';

/** An anchor or alias is named with letters, digits, dashes and underscores. */
export function isAnchorName(name: string): boolean {
  return /^[\w-]+$/.test(name);
}

/** A mapping over several lines needs a word before each colon. */
export function lacksKey(map: YAMLMap, key: Scalar): boolean {
  return !map.flow && key.type === 'PLAIN' && key.value === '' && !key.tag && !key.anchor;
}

/** `=` and `<<` mean something to YAML 1.1 and are no values. */
export function isReserved(text: unknown): boolean {
  return text === '=' || text === '<<';
}
