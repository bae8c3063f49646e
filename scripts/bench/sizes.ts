import { spawnSync } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { asMegabytes, atMost, type Bench, type Figure } from './figure.ts';

const MEBIBYTE = 1024 ** 2;

/** What an agent downloads and what a task reads at its start. */
export const sizes: Bench = {
  name: 'sizes',
  title: 'Size',
  async measure() {
    const tasks = path.resolve('build', 'tasks');
    const bundles: Figure[] = [];
    for (const name of (await readdir(tasks)).sort()) {
      // A task that runs on the server ships no code.
      const size = await stat(path.join(tasks, name, 'index.js')).then(
        (file) => file.size,
        () => undefined,
      );
      if (size === undefined) continue;
      bundles.push(atMost(`Bundle of ${name}`, size, 2.5 * MEBIBYTE, asMegabytes));
    }
    const packed = spawnSync(process.execPath, [path.resolve('scripts', 'package.mjs')], {
      encoding: 'utf8',
    });
    if (packed.status !== 0) throw new Error(`Packing failed: ${packed.stderr || packed.stdout}`);
    const packages = (await readdir('build')).filter((name) => name.endsWith('.vsix'));
    const files = await Promise.all(packages.map((name) => stat(path.resolve('build', name))));
    const newest = files.sort((a, b) => b.mtimeMs - a.mtimeMs)[0];
    if (!newest) throw new Error('Packing left no .vsix in build/.');
    return [...bundles, atMost('The extension (.vsix)', newest.size, 6 * MEBIBYTE, asMegabytes)];
  },
};
