import { Problem } from '../../../../shared/problem/index.ts';

const OPERATORS = ['==', '>=', '<=', '!=', '~=', '>', '<', '='] as const;

/** One conda dependency, taken apart: `channel::name=1.5=build`. */
export interface CondaDependency {
  readonly name: string;
  /** The version as pip writes it: `==1.5.*`, `>=1.2,<2`, or empty for any. */
  readonly version: string;
}

/** Reads a conda dependency. conda's single `=` means "starts with", its `==` and a build string mean exactly. */
export function parseCondaDependency(text: string): CondaDependency {
  const bracket = /\[.*version\s*=\s*(["']?)([^"'\]]+)\1.*\]/.exec(text)?.[2];
  const plain = text.replace(/\[.*\]/, '').trim();
  const match = /^(?:[^\s:]+::)?([A-Za-z0-9_.-]+?)\s*([=<>!~*\s].*)?$/.exec(plain);
  if (!match?.[1]) throw unreadable(text);
  return { name: match[1].toLowerCase(), version: toPipVersion((bracket ?? match[2] ?? '').trim(), text) };
}

/** Translates a conda version specification into pip's (PEP 440). */
export function toPipVersion(spec: string, dependency: string = spec): string {
  if (spec.includes('|')) throw alternatives(dependency);
  const { version, exact } = withoutBuild(spec);
  const parts = version.split(',').map((part) => part.trim());
  return parts
    .map((part) => toPipClause(part, exact))
    .filter((clause) => clause !== '')
    .join(',');
}

/** `=1.5.1=py39_0` and `1.5.1 py39_0` name one build, hence one exact version. */
function withoutBuild(spec: string): { version: string; exact: boolean } {
  const named = /^=?\s*([^=<>!~,\s]+)(?:=|\s+)[^=,\s]+$/.exec(spec);
  if (named?.[1]) return { version: named[1], exact: true };
  return { version: spec, exact: false };
}

function toPipClause(part: string, exact: boolean): string {
  const operator = OPERATORS.find((candidate) => part.startsWith(candidate));
  const value = part.slice(operator?.length ?? 0).trim();
  if (value === '' || value === '*') return '';
  const bare = value.replace(/\.?\*$/, '');
  if (operator === '=') return exact ? `==${bare}` : `==${bare}.*`;
  if (operator === undefined || operator === '==') return value.endsWith('*') ? `==${bare}.*` : `==${bare}`;
  return operator === '!=' && value.endsWith('*') ? `!=${bare}.*` : `${operator}${bare}`;
}

function unreadable(text: string): Problem {
  return new Problem({
    code: 'file',
    message: `The conda file has a dependency that cannot be read: '${text}'.`,
    next: "Write it as 'name', 'name=1.5' or 'name>=1.5,<2'.",
  });
}

function alternatives(text: string): Problem {
  return new Problem({
    code: 'file',
    message: `The conda dependency '${text}' offers alternatives with '|', which pip does not know.`,
    next: "Write a range instead, for example 'name>=1.5,<1.7'.",
  });
}
