import type { BlobStorage } from '../context.ts';

const ATTEMPTS = 3;

/** Writes to storage so that it would survive a kill of storage: what died with it is written again. `write` may run several times. */
export async function forGood(
  storage: Pick<BlobStorage, 'flush'>,
  write: () => Promise<unknown>,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    await write();
    try {
      return await storage.flush();
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}
