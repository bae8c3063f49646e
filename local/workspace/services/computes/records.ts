import { defined, isObject, Members, type Json } from '../../server/bodies.ts';
import { userError } from '../../server/failures.ts';
import type { Stamps } from '../../server/stamps.ts';

/** A compute target as it is kept. Jobs on it run on this machine, whatever its size says. */
export interface ComputeRecord extends Stamps {
  readonly name: string;
  readonly location: string;
  readonly tags: Json;
  readonly identity?: Json;
  readonly sku?: Json;
  readonly computeType: ComputeType;
  readonly description?: string;
  readonly resourceId?: string;
  readonly disableLocalAuth?: boolean;
  readonly provisioningState: 'Creating' | 'Updating' | 'Deleting' | 'Succeeded' | 'Failed';
  /** The properties of its type: `vmSize`, `scaleSettings` and so on. */
  readonly properties: Json;
}

const TYPES = ['AmlCompute', 'ComputeInstance', 'Kubernetes'] as const;
type ComputeType = (typeof TYPES)[number];

const NAME = /^[a-zA-Z](?:[a-zA-Z0-9-]{0,30}[a-zA-Z0-9])$/;
const DEFAULT_IDLE = 'PT2M';

/** A compute body, read and completed as the service completes it. */
export function readCompute(
  body: Json,
  location: string,
): Omit<ComputeRecord, keyof Stamps | 'name' | 'provisioningState'> {
  const members = new Members(body, 'body');
  const outer = new Members(members.needed('properties', members.object('properties')));
  const computeType = readType(outer);
  const inner = outer.object('properties') ?? {};
  return defined({
    location: members.text('location') ?? location,
    tags: members.texts('tags') ?? {},
    identity: members.object('identity'),
    sku: members.object('sku'),
    computeType,
    description: outer.text('description'),
    resourceId: outer.text('resourceId'),
    disableLocalAuth: outer.flag('disableLocalAuth'),
    properties: readInner(computeType, inner),
  }) as ReturnType<typeof readCompute>;
}

/** Compute names are shorter than asset names, and unlike them have no dots. */
export function checkComputeName(name: string): string {
  if (NAME.test(name)) return name;
  throw userError(
    `The compute name '${name}' is not valid. It must have 2 to 32 letters, digits and dashes, start with a letter and not end with a dash.`,
  );
}

function readType(outer: Members): ComputeType {
  const asked = outer.needed('computeType', outer.text('computeType'));
  const known = TYPES.find((type) => type.toLowerCase() === asked.toLowerCase());
  if (known) return known;
  throw userError(`The embedded workspace has no computes of type '${asked}'; it has ${TYPES.join(', ')}.`);
}

function readInner(type: ComputeType, inner: Json): Json {
  const members = new Members(inner, 'properties.properties');
  switch (type) {
    case 'AmlCompute':
      return {
        osType: 'Linux',
        vmPriority: 'Dedicated',
        remoteLoginPortPublicAccess: 'NotSpecified',
        isolatedNetwork: false,
        enableNodePublicIp: true,
        ...withoutNulls(inner),
        vmSize: members.needed('vmSize', members.text('vmSize')),
        scaleSettings: readScale(members.object('scaleSettings')),
      };
    case 'ComputeInstance':
      return {
        applicationSharingPolicy: 'Shared',
        ...withoutNulls(inner),
        vmSize: members.needed('vmSize', members.text('vmSize')),
      };
    case 'Kubernetes':
      return { namespace: 'default', ...withoutNulls(inner) };
  }
}

/** Scale settings with their defaults; the numbers of nodes must make a range. */
export function readScale(scale: Json | undefined): Json {
  const {
    minNodeCount = 0,
    maxNodeCount = 1,
    nodeIdleTimeBeforeScaleDown = DEFAULT_IDLE,
  } = withoutNulls(scale ?? {});
  const isCount = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0;
  if (!isCount(minNodeCount) || !isCount(maxNodeCount) || minNodeCount > maxNodeCount) {
    throw userError(
      `The scale settings need whole numbers with 0 <= minNodeCount <= maxNodeCount, not ${String(minNodeCount)} and ${String(maxNodeCount)}.`,
    );
  }
  return { minNodeCount, maxNodeCount, nodeIdleTimeBeforeScaleDown };
}

function withoutNulls(json: Json): Json {
  return Object.fromEntries(
    Object.entries(json).filter(
      ([, value]) => value !== null && (!isObject(value) || Object.keys(value).length > 0),
    ),
  );
}
