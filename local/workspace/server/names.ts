import { userError } from './failures.ts';

const ASSET_NAME = /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,254}$/;

/** Azure ML's rule for names that become part of ids; it also keeps them out of other folders on disk. */
export function checkName(what: string, name: string): string {
  if (ASSET_NAME.test(name)) return name;
  throw userError(
    `The ${what} '${name}' is not valid. It must start with a letter or digit, have at most 255 characters, ` +
      'and contain only letters, digits, dots, dashes and underscores.',
  );
}
