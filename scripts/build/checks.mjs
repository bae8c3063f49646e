/** Writes the checks of shared/rollout/smoke/checks.ts as code, so that a task does not compile schemas at its start. */
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import addFormats from 'ajv-formats';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

const code = { source: true, esm: true, lines: false };

export const writtenChecks = {
  name: 'written-checks',
  setup(build) {
    const at = /[\\/]smoke[\\/]checks\.ts$/;
    build.onLoad({ filter: at }, async ({ path: file }) => ({
      contents: [
        "export { isSmokeTest } from 'written:smokeTest';",
        "export { isDraft7 } from 'written:draft7';",
        "export { isDraft2020 } from 'written:draft2020';",
      ].join('\n'),
      resolveDir: path.dirname(file),
    }));
    build.onResolve({ filter: /^written:/ }, (request) => ({
      path: request.path.slice('written:'.length),
      namespace: 'written',
      pluginData: request.resolveDir,
    }));
    build.onLoad({ filter: /.*/, namespace: 'written' }, async ({ path: name, pluginData: folder }) => ({
      contents: await writers[name](folder),
      resolveDir: folder,
    }));
  },
};

const writers = {
  async smokeTest(folder) {
    const file = path.join(folder, '../../../docs/schemas/smoke-test.schema.json');
    const ajv = new Ajv({ allErrors: true, verbose: true, strictRequired: false, allowUnionTypes: true, code });
    addFormats.default(ajv);
    const schema = JSON.parse(await readFile(file, 'utf8'));
    ajv.addSchema(schema, 'smokeTest');
    return write(ajv, { isSmokeTest: 'smokeTest' });
  },
  draft7: () => write(new Ajv({ code }), { isDraft7: 'http://json-schema.org/draft-07/schema' }),
  draft2020: () =>
    write(new Ajv2020({ code }), { isDraft2020: 'https://json-schema.org/draft/2020-12/schema' }),
};

function write(ajv, names) {
  return standalone.default(ajv, names);
}
