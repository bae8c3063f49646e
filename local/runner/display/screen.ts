import type { Writable } from 'node:stream';
import type { Terminal } from '../execute/options.ts';

/** Lines that stay, and below them an area that is drawn again and again while a person watches. */
export interface Screen {
  readonly width: number;
  readonly height: number;
  print(line: string): void;
  /** Replaces the area below; lines must fit the width. */
  draw(lines: readonly string[]): void;
  /** Holds everything back while somebody is asked, and shows it afterwards. */
  hold(): { release(): void };
  /** Past a hold: what the question itself needs. */
  write(text: string): void;
}

const CLEAR_BELOW = '\u001b[J';

export function createScreen({ output, isInteractive }: Terminal): Screen {
  let drawn = 0;
  let area: readonly string[] = [];
  let held: string[] | undefined;
  const erase = (): string => (drawn > 0 ? `\u001b[${drawn}A\r${CLEAR_BELOW}` : '');
  const show = (above: readonly string[]): void => {
    const lines = isInteractive ? [...above, ...area] : above;
    if (lines.length === 0 && drawn === 0) return;
    output.write(erase() + lines.map((line) => `${line}\n`).join(''));
    drawn = isInteractive ? area.length : 0;
  };
  return {
    get width() {
      return sizeOf(output, 'columns', 80);
    },
    get height() {
      return sizeOf(output, 'rows', 24);
    },
    print(line) {
      if (held) held.push(line);
      else show([line]);
    },
    draw(lines) {
      if (!isInteractive) return;
      area = lines;
      if (!held) show([]);
    },
    hold() {
      output.write(erase());
      drawn = 0;
      held ??= [];
      return {
        release() {
          const lines = held ?? [];
          held = undefined;
          show(lines);
        },
      };
    },
    write: (text) => void output.write(text),
  };
}

function sizeOf(output: Writable, side: 'columns' | 'rows', otherwise: number): number {
  const size: unknown = Reflect.get(output, side);
  return typeof size === 'number' && size > 0 ? size : otherwise;
}
