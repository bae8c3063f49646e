import type { Block, Piece } from './block.ts';
import { oneLine, webAddress, withoutCommands } from './plain.ts';

/** Prints blocks as plain text for a terminal or a log: tables are aligned, nothing in it is a command or an escape sequence. */
export function printText(blocks: readonly Block[]): string {
  return `${blocks.map(printBlock).join('\n\n')}\n`;
}

function printBlock(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return underline(clean(block.text));
    case 'paragraph':
      return printPieces(block.pieces);
    case 'list':
      return block.items.map((pieces) => `  - ${printPieces(pieces)}`).join('\n');
    case 'table':
      return printTable([block.header.map(clean), ...block.rows.map((row) => row.map(printPiece))]);
  }
}

function printTable(rows: readonly (readonly string[])[]): string {
  const [header = []] = rows;
  const widths = header.map((_, column) => Math.max(...rows.map((row) => [...(row[column] ?? '')].length)));
  const line = (row: readonly string[]): string =>
    `  ${row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - [...cell].length)).join('   ')}`.trimEnd();
  const rule = line(widths.map((width) => '-'.repeat(width)));
  return [line(header), rule, ...rows.slice(1).map(line)].join('\n');
}

function underline(text: string): string {
  return `${text}\n${'='.repeat([...text].length)}`;
}

function printPieces(pieces: readonly Piece[]): string {
  return pieces.map(printPiece).join('');
}

function printPiece(piece: Piece): string {
  if (typeof piece === 'string') {
    return `${/^\s/.test(piece) ? ' ' : ''}${clean(piece)}${/\S\s$/.test(piece) ? ' ' : ''}`;
  }
  const url = piece.url === undefined ? undefined : webAddress(piece.url);
  return url === undefined ? clean(piece.text) : `${clean(piece.text)} (${withoutCommands(url)})`;
}

function clean(text: string): string {
  return withoutCommands(oneLine(text));
}
