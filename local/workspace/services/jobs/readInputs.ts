import { isObject, type Json, Members } from '../../server/bodies.ts';
import { userError } from '../../server/failures.ts';

/** What an input of a job may be, as the service spells it. */
export const INPUT_TYPES = [
  'literal',
  'uri_file',
  'uri_folder',
  'mltable',
  'custom_model',
  'mlflow_model',
  'triton_model',
] as const;
const OUTPUT_TYPES = [
  'uri_file',
  'uri_folder',
  'mltable',
  'custom_model',
  'mlflow_model',
  'triton_model',
] as const;
const INPUT_MODES = [
  'ReadOnlyMount',
  'ReadWriteMount',
  'Download',
  'Direct',
  'EvalMount',
  'EvalDownload',
] as const;
const OUTPUT_MODES = ['ReadWriteMount', 'Upload', 'Direct'] as const;
const MEMBER = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** The inputs of a job body, each with the type and mode in the service's spelling. */
export function readInputs(members: Members): Json {
  return readEach(members, 'inputs', (input, entry) => {
    const jobInputType = entry.needed('jobInputType', entry.word('jobInputType', INPUT_TYPES));
    if (jobInputType === 'literal') {
      entry.needed('value', entry.text('value'));
      return { ...input, jobInputType };
    }
    entry.needed('uri', entry.text('uri'));
    const mode = entry.word('mode', INPUT_MODES);
    return { ...input, jobInputType, ...(mode ? { mode } : {}) };
  });
}

/** The outputs of a job body; `default` is the service's own. */
export function readOutputs(members: Members): Json {
  return readEach(members, 'outputs', (output, entry) => {
    const jobOutputType = entry.needed('jobOutputType', entry.word('jobOutputType', OUTPUT_TYPES));
    const mode = entry.word('mode', OUTPUT_MODES);
    entry.text('uri');
    return { ...output, jobOutputType, ...(mode ? { mode } : {}) };
  });
}

function readEach(
  members: Members,
  what: 'inputs' | 'outputs',
  read: (json: Json, entry: Members) => Json,
): Json {
  const entries = Object.entries(members.object(what) ?? {}).filter(
    ([name, value]) => value !== null && !(what === 'outputs' && name === 'default'),
  );
  return Object.fromEntries(entries.map(([name, value]) => [name, readOne(what, name, value, read)]));
}

function readOne(
  what: string,
  name: string,
  value: unknown,
  read: (json: Json, entry: Members) => Json,
): Json {
  if (!MEMBER.test(name)) {
    throw userError(
      `The name '${name}' in properties.${what} is not valid: it may have letters, digits and underscores only.`,
    );
  }
  if (!isObject(value)) throw userError(`The member 'properties.${what}.${name}' must be an object.`);
  const withoutNulls = Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
  return read(withoutNulls, new Members(withoutNulls, `properties.${what}.${name}`));
}
