import type { Caller, Clock } from '../context.ts';

/** Who made and last changed a resource, and when; kept with every record. */
export interface Stamps {
  readonly createdAt: string;
  readonly createdBy: string;
  readonly modifiedAt: string;
  readonly modifiedBy: string;
}

/** The stamps of a record after this write; `known` are those it had before. */
export function stamp(clock: Clock, caller: Pick<Caller, 'name'>, known?: Stamps): Stamps {
  const at = clock.now().toISOString();
  return {
    createdAt: known?.createdAt ?? at,
    createdBy: known?.createdBy ?? caller.name,
    modifiedAt: at,
    modifiedBy: caller.name,
  };
}

/** ARM's `systemData`. Everybody who signs in here is an application. */
export function systemData({ createdAt, createdBy, modifiedAt, modifiedBy }: Stamps): object {
  return {
    createdAt,
    createdBy,
    createdByType: 'Application',
    lastModifiedAt: modifiedAt,
    lastModifiedBy: modifiedBy,
    lastModifiedByType: 'Application',
  };
}
