import type { Json } from '../../server/bodies.ts';
import type { Stamps } from '../../server/stamps.ts';

/** The property by which a version is shown whose files are gone from storage; holds since when that is known. */
export const LOST_MARK = 'embedded.filesMissingSince';

/** The five kinds of versioned assets; also their words in paths. */
export type AssetType = 'codes' | 'environments' | 'data' | 'models' | 'components';

/** One version of an asset, as it is kept. */
export interface VersionRecord extends Stamps {
  readonly name: string;
  readonly version: string;
  /** Counts the versions of one name in the order of their creation. */
  readonly sequence: number;
  readonly properties: Json;
  /** Where the bytes were found when it was registered by the address of a job, which means nothing once the job is deleted. */
  readonly bytesAt?: string;
}

/** What holds the versions of one name. It comes into being with the first of them. */
export interface ContainerRecord extends Stamps {
  readonly name: string;
  readonly properties: Json;
  /** How many versions were ever made. */
  readonly sequence: number;
  /** The version made last. */
  readonly latestVersion?: string;
  /** The highest version that is a whole number. */
  readonly highestNumber?: number;
}

/** The version a client should take next: undefined when the versions are not numbers. */
export function nextVersionOf({ sequence, highestNumber }: ContainerRecord): string | undefined {
  if (highestNumber !== undefined) return String(highestNumber + 1);
  return sequence === 0 ? '1' : undefined;
}
