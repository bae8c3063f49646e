import { open } from 'node:fs/promises';

const BLOCK = 64 * 1024;

/** The last lines of a file, read from its end; empty when there is no such file. */
export async function tailOf(file: string, lines: number): Promise<string> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (!handle) return '';
  try {
    let position = (await handle.stat()).size;
    let bytes = Buffer.alloc(0);
    while (position > 0 && newlines(bytes) <= lines) {
      const length = Math.min(BLOCK, position);
      position -= length;
      const block = Buffer.alloc(length);
      await handle.read(block, 0, length, position);
      bytes = Buffer.concat([block, bytes]);
    }
    return lastLines(bytes.toString('utf8'), lines);
  } finally {
    await handle.close();
  }
}

function newlines(bytes: Buffer): number {
  let count = 0;
  for (const byte of bytes) if (byte === 10) count += 1;
  return count;
}

function lastLines(text: string, lines: number): string {
  const all = text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n');
  return all.slice(-lines).join('\n');
}
