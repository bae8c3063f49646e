import type { Style } from './style.ts';
import { plainLine } from './text.ts';

const MARK = /^##\[(group|endgroup|section|warning|error|debug|command)\](.*)$/;

/** A log line as a person reads it; undefined for marks that only end something. */
export function readableLine(line: string, style: Style): string | undefined {
  const text = plainLine(line);
  const match = MARK.exec(text);
  if (!match) return text;
  const [, mark, rest = ''] = match;
  switch (mark) {
    case 'error':
      return style.red(`error: ${rest}`);
    case 'warning':
      return style.yellow(`warning: ${rest}`);
    case 'debug':
      return style.dim(`debug: ${rest}`);
    case 'command':
      return style.cyan(`> ${rest}`);
    case 'group':
    case 'section':
      return style.bold(rest);
    default:
      return undefined;
  }
}
