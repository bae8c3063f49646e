import type { DevOpsContext } from '../context.ts';

/** Addresses of the release API below one origin. */
export interface Links {
  readonly base: string;
  to(...parts: readonly (string | number)[]): string;
}

export function linksFor(url: string, context: DevOpsContext): Links {
  const base = `${new URL(url).origin}/${encodeURIComponent(context.organization)}/${context.project.id}/_apis/Release`;
  return { base, to: (...parts) => [base, ...parts.map((part) => encodeURIComponent(part))].join('/') };
}

/** A resource named by another one. */
export function shallow(id: number, name: string, url: string): object {
  return { id, name, url, _links: { self: { href: url } } };
}
