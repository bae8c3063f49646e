import { IANAZone } from 'luxon';
import { findIana } from 'windows-iana';
import { userError } from '../../../server/failures.ts';

/** The IANA name of a time zone; the service takes Windows' names, and IANA's are taken too. */
export function ianaZone(name: string | undefined): string {
  if (name === undefined || name === '') return 'UTC';
  const [windows] = findIana(name);
  const zone = windows ?? name;
  if (IANAZone.isValidZone(zone)) return zone;
  throw userError(
    `The time zone '${name}' is not known. Use a name of Windows such as 'Pacific Standard Time', or of IANA such as 'Europe/Berlin'.`,
  );
}
