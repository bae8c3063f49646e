import { open, stat } from 'node:fs/promises';
import type { BlobStorage } from '../../../context.ts';

const INTERVAL_IN_MS = 300;
/** An append blob takes 50,000 blocks; a job that prints for hours gets fewer and larger ones. */
const BLOCKS_BEFORE_SLOWING = 10_000;
const SLOW_INTERVAL_IN_MS = 5_000;
const LARGEST_CHUNK = 4 * 1024 * 1024;

export interface ShippedLog {
  readonly file: string;
  readonly container: string;
  readonly path: string;
}

/** Copies a growing file into an append blob while it grows, so that its address can be read with ranges meanwhile. */
export class LogShipper {
  readonly #log: ShippedLog;
  readonly #storage: BlobStorage;
  readonly #onFault: (error: unknown) => void;
  #sent: number;
  #blocks = 0;
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> = Promise.resolve();

  constructor(log: ShippedLog, storage: BlobStorage, onFault: (error: unknown) => void) {
    this.#log = log;
    this.#storage = storage;
    this.#onFault = onFault;
    this.#sent = 0;
  }

  /** Creates the blob, or goes on behind what it already holds, and starts copying. */
  async start(): Promise<this> {
    const { container, path } = this.#log;
    await this.#measure();
    if (this.#sent === 0) await this.#storage.append(container, path, new Uint8Array());
    this.#schedule();
    return this;
  }

  /** Copies the rest and ends; called again, it copies what storage has lost since. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#sending;
    await this.#send();
    await this.#measure();
    await this.#send();
  }

  async #measure(): Promise<void> {
    this.#sent = (await this.#storage.size(this.#log.container, this.#log.path)) ?? 0;
  }

  #schedule(): void {
    const interval = this.#blocks < BLOCKS_BEFORE_SLOWING ? INTERVAL_IN_MS : SLOW_INTERVAL_IN_MS;
    this.#timer = setTimeout(() => {
      this.#sending = this.#send()
        .catch(this.#onFault)
        .then(() => {
          if (this.#timer !== undefined) this.#schedule();
        });
    }, interval);
  }

  async #send(): Promise<void> {
    for (;;) {
      const chunk = await readFrom(this.#log.file, this.#sent);
      if (chunk.length === 0) return;
      const { container, path } = this.#log;
      // Storage may have died and lost the end, or taken a chunk whose answer was lost.
      if (await this.#storage.append(container, path, chunk, this.#sent)) this.#sent += chunk.length;
      else await this.#measure();
      this.#blocks += 1;
    }
  }
}

async function readFrom(file: string, start: number): Promise<Buffer> {
  const size = (await stat(file).catch(() => undefined))?.size ?? 0;
  if (size <= start) return Buffer.alloc(0);
  const handle = await open(file);
  try {
    const buffer = Buffer.alloc(Math.min(size - start, LARGEST_CHUNK));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, start);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
