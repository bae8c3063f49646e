import { marked, type Token, type Tokens } from 'marked';
import type { Style } from './style.ts';
import { plainLine } from './text.ts';

/** Markdown as lines for a terminal: headings bold, tables in columns, HTML shown as it is written. */
export function renderMarkdown(markdown: string, style: Style): string[] {
  return trimBlank(blocks(marked.lexer(markdown, { gfm: true }), style));
}

function blocks(tokens: readonly Token[], style: Style): string[] {
  return tokens.flatMap((token) => block(token, style));
}

function block(token: Token, style: Style): string[] {
  switch (token.type) {
    case 'heading':
      return ['', style.bold(inlineOf(token, style)), ''];
    case 'paragraph':
    case 'text':
      return [...inlineOf(token, style).split('\n'), ''];
    case 'list':
      return isList(token) ? listLines(token, style) : [];
    case 'table':
      return isTable(token) ? [...tableLines(token, style), ''] : [];
    case 'code':
      return [
        ...textOf(token)
          .split('\n')
          .map((line) => `    ${plainLine(line)}`),
        '',
      ];
    case 'blockquote':
      return trimBlank(blocks(childrenOf(token), style))
        .map((line) => style.dim(`| ${line}`))
        .concat('');
    case 'hr':
      return ['----', ''];
    case 'html':
      return textLines(withoutComments(textOf(token))).split('\n');
    default:
      return [];
  }
}

function listLines(list: Tokens.List, style: Style): string[] {
  const lines = list.items.flatMap((item, index) => {
    const mark = list.ordered ? `${Number(list.start) + index}. ` : '- ';
    const box = item.task ? (item.checked ? '[x] ' : '[ ] ') : '';
    const [first = '', ...rest] = blocks(item.tokens, style).filter((line) => line !== '');
    return [`${mark}${box}${first}`, ...rest.map((line) => ' '.repeat(mark.length) + line)];
  });
  return [...lines, ''];
}

/** Columns are as wide as their widest cell; numbers that the table aligns right stay right. */
function tableLines(table: Tokens.Table, style: Style): string[] {
  const rows = [table.header, ...table.rows].map((row) => row.map((cell) => inline(cell.tokens, noStyle)));
  const widths = table.header.map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))));
  const line = (row: readonly string[]): string =>
    widths
      .map((width, column) => pad(row[column] ?? '', width, table.align[column] === 'right'))
      .join('  ')
      .trimEnd();
  const [head = [], ...body] = rows;
  return [
    style.bold(line(head)),
    style.dim(widths.map((width) => '-'.repeat(width)).join('  ')),
    ...body.map(line),
  ];
}

function pad(text: string, width: number, right: boolean): string {
  const blank = ' '.repeat(Math.max(0, width - widthOf(text)));
  return right ? blank + text : text + blank;
}

/** Characters as a person counts them; an accent does not make a column wider. */
function widthOf(text: string): number {
  return [...new Intl.Segmenter().segment(text)].length;
}

function inlineOf(token: Token, style: Style): string {
  const children = childrenOf(token);
  return children.length > 0 ? inline(children, style) : textLines(textOf(token));
}

function inline(tokens: readonly Token[], style: Style): string {
  return tokens.map((token) => inlineToken(token, style)).join('');
}

function inlineToken(token: Token, style: Style): string {
  switch (token.type) {
    case 'strong':
      return style.bold(inline(childrenOf(token), noStyle));
    case 'em':
    case 'del':
      return inline(childrenOf(token), style);
    case 'codespan':
      return style.cyan(plainLine(textOf(token)));
    case 'link':
      return linkText(token, style);
    case 'br':
      return '\n';
    case 'html':
      return textLines(withoutComments(textOf(token)));
    case 'image':
      return `[image: ${textLines(textOf(token))}]`;
    default:
      return inlineOf(token, style);
  }
}

/** A link shows where it leads, so that no other address can hide behind its words. */
function linkText(token: Token, style: Style): string {
  const words = inline(childrenOf(token), noStyle);
  const href = plainLine(String(Reflect.get(token, 'href') ?? ''));
  return words === href ? words : `${words} ${style.dim(`<${href}>`)}`;
}

const same = (text: string): string => text;
const noStyle: Style = { bold: same, dim: same, red: same, green: same, yellow: same, cyan: same };

function textLines(text: string): string {
  return decodeEntities(text).split('\n').map(plainLine).join('\n');
}

function withoutComments(html: string): string {
  return html.replace(/<!--[\s\S]*?-->/g, '');
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  nbsp: ' ',
};

function decodeEntities(text: string): string {
  return text.replace(/&(#39|[a-z]+);/g, (entity, name: string) => ENTITIES[name] ?? entity);
}

function isList(token: Token): token is Tokens.List {
  return token.type === 'list';
}

function isTable(token: Token): token is Tokens.Table {
  return token.type === 'table';
}

function childrenOf(token: Token): readonly Token[] {
  return 'tokens' in token && token.tokens ? token.tokens : [];
}

function textOf(token: Token): string {
  return 'text' in token ? String(token.text) : '';
}

function trimBlank(lines: readonly string[]): string[] {
  const squeezed = lines.filter((line, index) => line !== '' || lines[index - 1] !== '');
  while (squeezed[0] === '') squeezed.shift();
  while (squeezed.at(-1) === '') squeezed.pop();
  return squeezed;
}
