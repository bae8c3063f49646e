import type { Block, Piece } from './block.ts';
import { oneLine, webAddress } from './plain.ts';

/** Prints blocks as GitHub-flavoured Markdown without any HTML. All text is escaped: it can say nothing but itself. */
export function printMarkdown(blocks: readonly Block[]): string {
  return `${blocks.map(printBlock).join('\n\n')}\n`;
}

function printBlock(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `## ${escapeMarkdown(block.text)}`;
    case 'paragraph':
      return printPieces(block.pieces);
    case 'list':
      return block.items.map((pieces) => `- ${printPieces(pieces)}`).join('\n');
    case 'table':
      return [
        tableRow(block.header.map(escapeMarkdown)),
        tableRow(block.header.map(() => '---')),
        ...block.rows.map((row) => tableRow(row.map(printPiece))),
      ].join('\n');
  }
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function printPieces(pieces: readonly Piece[]): string {
  return pieces.map(printPiece).join('');
}

function printPiece(piece: Piece): string {
  // A space at the edge of a plain piece parts it from its neighbour; inside the text, oneLine decides.
  if (typeof piece === 'string') {
    return `${/^\s/.test(piece) ? ' ' : ''}${escapeMarkdown(piece)}${/\S\s$/.test(piece) ? ' ' : ''}`;
  }
  const text = escapeMarkdown(piece.text);
  if (text === '') return '';
  const url = piece.url === undefined ? undefined : webAddress(piece.url);
  const linked = url === undefined ? text : `[${text}](<${escapeUrl(url)}>)`;
  return piece.style === 'strong' ? `**${linked}**` : linked;
}

/**
 * Text that no Markdown renderer takes for anything else. Every mark of CommonMark and of GitHub's extensions is escaped,
 * those of HTML become entities; what renderers make links or pictures of unasked (`://`, `www.`, `@`, `:word:`) is
 * parted, and so is what only means something at the beginning of a line.
 */
export function escapeMarkdown(text: string): string {
  return oneLine(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_{}[\]()#!|~@$^=]/g, '\\$&')
    .replace(/:(?=\/\/|\w+:)/g, '\\:')
    .replace(/(www)\./gi, '$1\\.')
    .replace(/^([-+])(?=[-+\s]|$)/, '\\$1')
    .replace(/^(\d+)\.(?=\s|$)/, '$1\\.');
}

function escapeUrl(url: string): string {
  return url.replace(/[<>()[\]{}\\`|"\s]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}
