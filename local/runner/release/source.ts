/** Artifact types that are repositories: the one that holds the definition stands for them, as for `checkout: self`. */
const SOURCE_TYPES = new Set([
  'git',
  'github',
  'githubenterprise',
  'bitbucket',
  'tfvc',
  'svn',
  'externaltfs',
]);

export function isSource(type: string): boolean {
  return SOURCE_TYPES.has(type.toLowerCase());
}
