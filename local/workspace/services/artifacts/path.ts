/** Why a path may not name an artifact; undefined when it may. */
export function checkArtifactPath(path: string): string | undefined {
  const parts = path.split('/');
  if (path === '') return 'An artifact needs a path.';
  if (path.length > 1000)
    return `The artifact path '${path.slice(0, 40)}...' is longer than 1000 characters.`;
  if (parts.some((part) => part === '..' || part === '.' || part === '') || /[\\\0]/.test(path)) {
    return `The artifact path '${path}' is not valid: it may not be absolute, have empty parts, '.' or '..'.`;
  }
  return undefined;
}
