import type { BlobStorage } from '../context.ts';
import { join, sideBySide } from './many.ts';
import type { BlobPlace } from './place.ts';

/** Copies one blob, or all below a path, by `copyOne`, which is given their names. Returns how many there were. */
export async function copyBlobs(
  storage: Pick<BlobStorage, 'exists' | 'list'>,
  { container, path }: BlobPlace,
  to: BlobPlace,
  copyOne: (from: string, to: string) => Promise<void>,
): Promise<number> {
  const prefix = path === '' || path.endsWith('/') ? path : `${path}/`;
  const isBlob = prefix !== path && (await storage.exists(container, path));
  const found: string[] = isBlob ? [path] : [];
  if (!isBlob) for await (const item of storage.list(container, prefix)) found.push(item.path);
  await sideBySide(found, (one) => copyOne(one, isBlob ? to.path : join(to.path, one.slice(prefix.length))));
  return found.length;
}
