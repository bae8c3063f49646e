/** Escape sequences of terminals: CSI, OSC (ended by BEL or ST), and those of two characters. */

const SEQUENCES = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[@-Z\\-_]/g;
/** What could still move the cursor, or turn the reading direction around; tabs stay. */

const CONTROLS = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text from outside, made harmless for a terminal: one line without anything a terminal would obey. */
export function plainLine(text: string): string {
  return text.replace(SEQUENCES, '').replace(CONTROLS, '');
}

export function plainLines(text: string): string[] {
  return text.split(/\r\n|\n|\r/).map(plainLine);
}

/** `850 ms`, `12.3 s`, `2 min 05 s`, `1 h 02 min`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${two((seconds % 3600) / 60)} min`;
}

/** Cut to a width, with a mark that shows the cut. */
export function fit(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}
