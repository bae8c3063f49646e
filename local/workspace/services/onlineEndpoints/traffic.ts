import { userError } from '../../server/failures.ts';
import { normalName } from './names.ts';

const LARGEST_MIRROR = 50;
const WHOLE = 100;

type Shares = Readonly<Record<string, number>>;

/** The shares with names as they are kept. */
export function normalShares(shares: Shares): Record<string, number> {
  return Object.fromEntries(Object.entries(shares).map(([name, share]) => [normalName(name), share]));
}

/** Live traffic adds up to nothing or all, and only what exists can take it. */
export function checkTraffic(traffic: Shares, existing: ReadonlySet<string>): void {
  for (const name of Object.keys(traffic)) if (!existing.has(name)) throw unknown(name, 'traffic');
  const sum = Object.values(traffic).reduce((total, share) => total + share, 0);
  if (sum === 0 || sum === WHOLE) return;
  throw userError(`The sum of the traffic values must be 0 or ${WHOLE}, but it is ${sum}.`);
}

/** At most one deployment gets copies, of at most half of the requests, and none that answers some itself. */
export function checkMirrorTraffic(mirror: Shares, traffic: Shares, existing: ReadonlySet<string>): void {
  const names = Object.keys(mirror).filter((name) => (mirror[name] ?? 0) > 0);
  for (const name of Object.keys(mirror)) if (!existing.has(name)) throw unknown(name, 'mirrorTraffic');
  if (names.length > 1)
    throw userError(`Mirror traffic can go to one deployment only, not to ${names.join(' and ')}.`);
  for (const name of names) {
    const share = mirror[name] ?? 0;
    if (share > LARGEST_MIRROR) {
      throw userError(
        `Mirror traffic can be at most ${LARGEST_MIRROR} percent, but it is ${share} for '${name}'.`,
      );
    }
    if ((traffic[name] ?? 0) > 0) {
      throw userError(`The deployment '${name}' cannot get mirror traffic while it takes live traffic.`);
    }
  }
}

function unknown(name: string, member: string): Error {
  return userError(`There is no deployment '${name}' in this endpoint, so ${member} cannot name it.`);
}
