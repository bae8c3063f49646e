import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';

const file = new URL('../../../../docs/schemas/run.schema.json', import.meta.url);
const schema: object = JSON.parse(readFileSync(file, 'utf8'));
const ajv = new Ajv({ strict: true, allErrors: true });
// The package's types describe its CommonJS face.
(formats as unknown as (instance: Ajv) => void)(ajv);
const validate = ajv.compile(schema);

/** A record follows its published schema. */
export function assertValidRecord(record: object): void {
  assert.ok(validate(record), ajv.errorsText(validate.errors));
}
