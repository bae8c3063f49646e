import { userError } from '../../server/failures.ts';

const NAME = /^[a-z](?:-?[a-z0-9])*$/;
const SHORTEST = 3;
const LONGEST = 32;
/** On Kubernetes both names become one. */
const SHORTEST_TOGETHER = 6;
const LONGEST_TOGETHER = 62;

/** Names are compared without case and kept in lower case, as Azure does it. */
export function normalName(name: string): string {
  return name.toLowerCase();
}

export function checkName(kind: 'endpoint' | 'deployment', name: string): void {
  if (name.length >= SHORTEST && name.length <= LONGEST && NAME.test(name)) return;
  throw userError(
    `The ${kind} name '${name}' is not valid: it must have ${SHORTEST} to ${LONGEST} characters, begin with a letter, ` +
      'and hold letters, digits and single dashes only, without a dash at the end.',
  );
}

export function checkKubernetesNames(endpoint: string, deployment: string): void {
  const together = endpoint.length + deployment.length;
  if (together >= SHORTEST_TOGETHER && together <= LONGEST_TOGETHER) return;
  throw userError(
    `The names '${endpoint}' and '${deployment}' must have ${SHORTEST_TOGETHER} to ${LONGEST_TOGETHER} characters together on Kubernetes.`,
  );
}
