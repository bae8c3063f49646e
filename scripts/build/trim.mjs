/**
 * Leaves out of a task's bundle what no task ever calls and no bundler can see to be unused. A task is parsed whole at
 * every start, so each hundred kilobytes cost about five per cent of the time to its first request.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

export const trim = {
  name: 'trim',
  setup(build) {
    operationsOfArm(build);
    checksumOfStorage(build);
    tokenLibrary(build);
  },
};

/**
 * The ARM client is used as an authenticated pipeline alone (`sendRequest`; connect/arm.ts says why): its groups of
 * operations stay as empty classes, and their serialisers go.
 */
function operationsOfArm(build) {
  const filter = /arm-machinelearning[\\/]dist-esm[\\/]src[\\/]operations[\\/]index\.js$/;
  build.onLoad({ filter }, async ({ path: index }) => {
    const names = [...(await readFile(index, 'utf8')).matchAll(/from "\.\/(.+?)"/g)].map(([, name]) => name);
    const files = names.map((name) => readFile(path.join(path.dirname(index), `${name}.js`), 'utf8'));
    const classes = (await Promise.all(files)).flatMap((text) => [...text.matchAll(/^export class (\w+)/gm)]);
    if (classes.length === 0) throw new Error(`${index} has another form than the bundling expects.`);
    return { contents: classes.map(([, name]) => `export class ${name} {}`).join('\n') };
  });
}

/** CRC-64 checksums are WebAssembly in 87 kB of text; tasks let the storage check by MD5. */
function checksumOfStorage(build) {
  build.onLoad({ filter: /storage-common[\\/]dist[\\/]esm[\\/]crc64\.js$/ }, () => ({
    contents: "export default () => Promise.reject(new Error('CRC-64 is not part of this bundle.'));",
  }));
}

/** Needed to sign in with a certificate only, but it looks at Node's version with 50 kB of semver when it is loaded. */
function tokenLibrary(build) {
  build.onResolve({ filter: /^jsonwebtoken$/ }, ({ resolveDir, pluginData }) =>
    pluginData === 'itself'
      ? undefined
      : { path: 'jsonwebtoken', namespace: 'when-called', pluginData: resolveDir },
  );
  build.onLoad({ filter: /.*/, namespace: 'when-called' }, async ({ path: name, pluginData: resolveDir }) => {
    const found = await build.resolve(name, { resolveDir, kind: 'require-call', pluginData: 'itself' });
    const load = `require(${JSON.stringify(found.path)})`;
    const calls = ['sign', 'verify', 'decode'].map((call) => `${call}: (...all) => ${load}.${call}(...all)`);
    return { contents: `module.exports = { ${calls.join(', ')} };`, resolveDir };
  });
}
