import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import schema from '../../../docs/schemas/smoke-test.schema.json' with { type: 'json' };

/**
 * The checks whose schemas are known beforehand. In a bundle, the code that ajv writes for them stands in place of this
 * file (scripts/build/checks.mjs): compiling them takes longer than all else before a task's first request.
 */
const ajv = new Ajv({ allErrors: true, verbose: true, strictRequired: false, allowUnionTypes: true });
addFormats.default(ajv);

/** Whether a value is a smoke test. */
export const isSmokeTest = ajv.compile(schema);
/** Whether a value is a JSON Schema of draft 6 or 7. */
export const isDraft7 = new Ajv().getSchema('http://json-schema.org/draft-07/schema')!;
/** Whether a value is a JSON Schema of 2020-12. */
export const isDraft2020 = new Ajv2020().getSchema('https://json-schema.org/draft/2020-12/schema')!;
