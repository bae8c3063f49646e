import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Writes a wheel by hand: pip installs it without any index. */
const MAKE = `
import sys, zipfile
folder, name, version = sys.argv[1:4]
requires = ''.join('Requires-Dist: %s\\n' % line for line in sys.argv[4:])
info = '%s-%s.dist-info' % (name, version)
with zipfile.ZipFile('%s/%s-%s-py3-none-any.whl' % (folder, name, version), 'w') as wheel:
    wheel.writestr('%s.py' % name, 'VERSION = "%s"\\n' % version)
    wheel.writestr('%s/METADATA' % info, 'Metadata-Version: 2.1\\nName: %s\\nVersion: %s\\n%s' % (name, version, requires))
    wheel.writestr('%s/WHEEL' % info, 'Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    wheel.writestr('%s/entry_points.txt' % info, '[console_scripts]\\n%s-hello = %s:main\\n' % (name, name))
    wheel.writestr('%s/RECORD' % info, '')
`;

/** Makes a wheel of an empty package in `folder`. */
export async function makeWheel(
  folder: string,
  name: string,
  version: string,
  ...requires: string[]
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await promisify(execFile)('python3', ['-c', MAKE, folder, name, version, ...requires]);
}

/** An environment in which pip knows no index but this folder. */
export function offline(folder: string): NodeJS.ProcessEnv {
  return { ...process.env, PIP_NO_INDEX: '1', PIP_FIND_LINKS: folder, PIP_CONFIG_FILE: '/dev/null' };
}
