/** Percent by deployment name: whole numbers, zeros left out. Live traffic adds up to 0 or 100. */
export type Traffic = Readonly<Record<string, number>>;

/** The two kinds of traffic an endpoint splits; they are always written together. */
export interface TrafficSplit {
  readonly live: Traffic;
  /** A copy of this percentage of the live requests also goes to one deployment, whose answers are dropped. */
  readonly mirror: Traffic;
}

export const NO_TRAFFIC: TrafficSplit = { live: {}, mirror: {} };

/** Without zeros, names in lower case (as the service stores them) and in order. */
export function tidyTraffic(raw: Readonly<Record<string, number>>): Traffic {
  const shares = Object.entries(raw).filter(([, percent]) => percent > 0);
  return Object.fromEntries(
    shares.map(([name, percent]): [string, number] => [name.toLowerCase(), percent]).sort(byName),
  );
}

export function sameSplit(one: TrafficSplit, other: TrafficSplit): boolean {
  return (
    textOfTraffic(one.live) === textOfTraffic(other.live) &&
    textOfTraffic(one.mirror) === textOfTraffic(other.mirror)
  );
}

/** The deployment with most of the traffic; undefined without traffic, the first by name on a tie. */
export function busiest(traffic: Traffic): string | undefined {
  return Object.entries(tidyTraffic(traffic)).sort((a, b) => b[1] - a[1])[0]?.[0];
}

/** `name` gets `percent`; the others share the rest in the proportions they had. Without others it gets everything. */
export function shiftTraffic(before: Traffic, name: string, percent: number): Traffic {
  const others = Object.entries(tidyTraffic(before)).filter(([other]) => other !== name);
  if (others.length === 0) return { [name]: 100 };
  return tidyTraffic({ ...apportion(others, 100 - percent), [name]: percent });
}

/** Whole numbers by largest remainder, so that they add up exactly; ties go by name. */
function apportion(shares: readonly (readonly [string, number])[], total: number): Record<string, number> {
  const sum = shares.reduce((all, [, share]) => all + share, 0);
  const exact = shares.map(([name, share]) => ({ name, value: (share * total) / sum }));
  const given = new Map(exact.map(({ name, value }) => [name, Math.floor(value)]));
  let left = total - [...given.values()].reduce((all, value) => all + value, 0);
  const byRemainder = [...exact].sort(
    (a, b) => b.value - Math.floor(b.value) - (a.value - Math.floor(a.value)) || a.name.localeCompare(b.name),
  );
  for (const { name } of byRemainder) {
    if (left === 0) break;
    given.set(name, (given.get(name) ?? 0) + 1);
    left -= 1;
  }
  return Object.fromEntries(given);
}

/** `blue=90 green=10`, for tags; an empty text for no traffic. */
export function textOfTraffic(traffic: Traffic): string {
  return Object.entries(tidyTraffic(traffic))
    .map(([name, percent]) => `${name}=${percent}`)
    .join(' ');
}

export function trafficOfText(text: string): Traffic {
  const pairs = text
    .split(' ')
    .filter(Boolean)
    .map((pair) => pair.split('='));
  return tidyTraffic(Object.fromEntries(pairs.map(([name, percent]) => [name ?? '', Number(percent)])));
}

/** `blue 90 %, green 10 %`, for people. */
export function wordsOfTraffic(traffic: Traffic): string {
  const shares = Object.entries(tidyTraffic(traffic)).sort((a, b) => b[1] - a[1]);
  return shares.length === 0
    ? 'no traffic'
    : shares.map(([name, percent]) => `${name} ${percent} %`).join(', ');
}

function byName(one: readonly [string, number], other: readonly [string, number]): number {
  return one[0] < other[0] ? -1 : 1;
}
