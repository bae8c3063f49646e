import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { appendFile, open, readFile, type FileHandle } from 'node:fs/promises';
import { sideBySide } from '../../azureml/assets/concurrency.ts';
import type { BlobFile, Blobs } from '../../azureml/index.ts';

const MEBIBYTE = 1024 ** 2;
const BLOCK_IN_BYTES = 8 * MEBIBYTE;
/** So many blocks (64 MB) are in memory at once, one for each connection, and one more for hashing. */
const BLOCKS_AT_ONCE = 8;

export interface BlockSetting {
  readonly blobs: Blobs;
  readonly abortSignal: AbortSignal;
  readonly onBytes: (count: number) => void;
}

export interface Fetched {
  readonly sha256: string;
  /** Whether some of the bytes are from an earlier attempt. */
  readonly isResumed: boolean;
}

/**
 * Fetches a file in blocks side by side and hashes it in order meanwhile. Blocks that are complete are written down
 * beside it, so that the next attempt fetches only the others.
 */
export async function fetchInBlocks(file: BlobFile, staged: string, setting: BlockSetting): Promise<Fetched> {
  const journal = `${staged}.blocks`;
  const done = await readJournal(journal);
  const isResumed = done.size > 0;
  const { O_RDWR, O_CREAT, O_NOFOLLOW = 0 } = constants;
  const handle = await open(staged, O_RDWR | O_CREAT | O_NOFOLLOW, 0o666);
  try {
    const hash = hashInOrder(handle, file.sizeInBytes, done);
    const missing = blocksOf(file.sizeInBytes).filter(({ index }) => !done.has(index));
    setting.onBytes(file.sizeInBytes - missing.reduce((sum, { size }) => sum + size, 0));
    const buffers: Buffer[] = [];
    await sideBySide(missing, BLOCKS_AT_ONCE, async ({ index, offset, size }) => {
      setting.abortSignal.throwIfAborted();
      const buffer = buffers.pop() ?? Buffer.allocUnsafe(BLOCK_IN_BYTES);
      const part = buffer.subarray(0, size);
      await setting.blobs.fill(part, { ...file, offsetInBytes: offset }, setting);
      await handle.write(part, 0, size, offset);
      await appendFile(journal, `${index}\n`);
      buffers.push(buffer);
      done.add(index);
      setting.onBytes(size);
      hash.advance();
    });
    return { sha256: await hash.end(), isResumed };
  } finally {
    await handle.close();
  }
}

interface Block {
  readonly index: number;
  readonly offset: number;
  readonly size: number;
}

function blocksOf(sizeInBytes: number): Block[] {
  return Array.from({ length: Math.ceil(sizeInBytes / BLOCK_IN_BYTES) }, (_, index) => {
    const offset = index * BLOCK_IN_BYTES;
    return { index, offset, size: Math.min(BLOCK_IN_BYTES, sizeInBytes - offset) };
  });
}

/** A line that was cut off by the end of a process is no whole number, or names a block that is there as well. */
async function readJournal(journal: string): Promise<Set<number>> {
  const text = await readFile(journal, 'utf8').catch(() => '');
  const lines = text.split('\n').slice(0, -1);
  return new Set(lines.filter((line) => /^\d+$/.test(line)).map(Number));
}

interface OrderedHash {
  /** Hashes what has become complete from the start on. */
  advance(): void;
  end(): Promise<string>;
}

/** Reads blocks back in their order, from the system's cache mostly, while later ones arrive. */
function hashInOrder(handle: FileHandle, sizeInBytes: number, done: ReadonlySet<number>): OrderedHash {
  const hash = createHash('sha256');
  const blocks = blocksOf(sizeInBytes);
  const scratch = Buffer.allocUnsafe(Math.min(BLOCK_IN_BYTES, sizeInBytes));
  let next = 0;
  let work = Promise.resolve();
  const follow = async (): Promise<void> => {
    for (let block = blocks[next]; block && done.has(block.index); block = blocks[next]) {
      next += 1;
      const { bytesRead } = await handle.read(scratch, 0, block.size, block.offset);
      hash.update(scratch.subarray(0, bytesRead));
    }
  };
  const advance = (): void => {
    work = work.then(follow);
    work.catch(() => undefined);
  };
  return {
    advance,
    async end() {
      advance();
      await work;
      return hash.digest('hex');
    },
  };
}
