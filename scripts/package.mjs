/**
 * `npm run package`: the extension as a .vsix in build/, or in the folder given by --output.
 * --publisher NAME, --extension-id ID: publish under other names. --dev: a copy that can be installed beside the released one.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { installPackages, root } from './prepare.mjs';

const { values } = parseArgs({
  options: {
    publisher: { type: 'string' },
    'extension-id': { type: 'string' },
    dev: { type: 'boolean', default: false },
    output: { type: 'string', default: path.join(root, 'build') },
  },
});
installPackages();
// Only now, because packaging itself needs packages.
const { packageExtension } = await import('./packaging/extension.mjs');
await packageExtension(values);
