import { outputOf } from './processes.ts';

/** Asks the interpreter itself: every requirement, and what that requires in turn, must be installed in a fitting version. */
const CHECK = `
import sys
try:
    from importlib import metadata
    try:
        from packaging.requirements import Requirement
    except ImportError:
        from pip._vendor.packaging.requirements import Requirement
except ImportError:
    sys.exit(1)
seen = set()
def met(requirement, extras):
    if requirement.url:
        return False
    names = extras or ['']
    if requirement.marker and not any(requirement.marker.evaluate({'extra': name}) for name in names):
        return True
    key = (requirement.name.lower(), str(requirement.specifier), tuple(sorted(requirement.extras)))
    if key in seen:
        return True
    seen.add(key)
    try:
        found = metadata.distribution(requirement.name)
    except metadata.PackageNotFoundError:
        return False
    if not requirement.specifier.contains(found.version, prereleases=True):
        return False
    return all(met(Requirement(line), requirement.extras) for line in found.requires or [])
try:
    ok = all(met(Requirement(line), ()) for line in sys.stdin.read().splitlines() if line)
except Exception:
    ok = False
sys.exit(0 if ok else 1)
`;

/** Whether the interpreter as it is satisfies the requirements; options and addresses among them count as not satisfied. */
export async function satisfies(
  python: string,
  lines: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<boolean> {
  if (lines.length === 0) return true;
  return (await outputOf(python, ['-c', CHECK], env, `${lines.join('\n')}\n`)) !== undefined;
}
