import type { EndpointState, Strategy } from './endpointState.ts';

/** Longest name of a deployment. */
const LONGEST = 32;
const COLOURS: Readonly<Record<string, string>> = { blue: 'green', green: 'blue' };

/**
 * The deployment a rollout works on: the wanted name while it takes no traffic, else the other colour or `<name>-<n>`.
 * Only all-at-once may touch a deployment that takes traffic. `reserved` deployments are kept for rollbacks.
 */
export function chooseDeployment(
  wanted: string,
  endpoint: EndpointState | undefined,
  options: { readonly strategy: Strategy; readonly reserved: readonly string[] },
): string {
  const name = wanted.toLowerCase();
  if (!endpoint || options.strategy === 'all-at-once') return name;
  const taken = new Set([
    ...Object.keys(endpoint.traffic.live),
    ...Object.keys(endpoint.traffic.mirror),
    ...options.reserved,
  ]);
  return candidates(name).find((candidate) => !taken.has(candidate)) ?? name;
}

/** At most 20 deployments fit on an endpoint, so one of these is always free. */
function candidates(name: string): string[] {
  const other = COLOURS[name];
  const numbered = Array.from({ length: 22 }, (_, index) => {
    const suffix = `-${index + 2}`;
    return `${name.slice(0, LONGEST - suffix.length).replace(/-+$/, '')}${suffix}`;
  });
  return [name, ...(other ? [other] : []), ...numbered];
}
