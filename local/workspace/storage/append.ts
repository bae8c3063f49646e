import type { AppendBlobClient } from '@azure/storage-blob';

const APPEND_LIMIT = 4 * 1024 * 1024;
const NOT_THERE = 404;
const NOT_MET = 412;

/** Appends to a blob that need not exist, in blocks; false when the blob does not end where it should. */
export async function appendTo(
  client: AppendBlobClient,
  content: Uint8Array,
  position: number | undefined,
): Promise<boolean> {
  if (content.length === 0) await client.createIfNotExists();
  for (let start = 0; start < content.length; start += APPEND_LIMIT) {
    const part = content.subarray(start, start + APPEND_LIMIT);
    const conditions = position === undefined ? {} : { appendPosition: position + start };
    const append = () => client.appendBlock(part, part.length, { conditions });
    try {
      await append().catch(async (error: unknown) => {
        undefinedWhenMissing(error);
        await client.createIfNotExists();
        await append();
      });
    } catch (error) {
      if (statusOf(error) === NOT_MET) return false;
      throw error;
    }
  }
  return true;
}

/** Lets pass that a blob is not there, and throws anything else. */
export function undefinedWhenMissing(error: unknown): undefined {
  if (statusOf(error) === NOT_THERE) return undefined;
  throw error;
}

function statusOf(error: unknown): unknown {
  return (error as { statusCode?: unknown }).statusCode;
}
