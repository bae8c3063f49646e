import { Lexer } from 'yaml';

/** What this relies on inside the lexer; a test reads such a text, so that a newer version cannot break it unseen. */
interface Inside {
  /** How far the next lines of a text must be indented. */
  indentNext: number;
  parseQuotedScalar(): Generator<string, unknown>;
}

/** A lexer that lets a quoted text go on at any column, as PyYAML does; YAML 1.2 wants its lines indented. */
export function pythonLexer(): Lexer {
  const lexer = new Lexer();
  const inside = lexer as unknown as Inside;
  const strictly = inside.parseQuotedScalar.bind(lexer);
  inside.parseQuotedScalar = function* anywhere() {
    const wanted = inside.indentNext;
    inside.indentNext = 0;
    const next = yield* strictly();
    inside.indentNext = wanted;
    return next;
  };
  return lexer;
}
