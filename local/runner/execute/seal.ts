import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { Problem } from '../../../shared/problem/index.ts';
import { isCode } from './errors.ts';

/** Keeps secrets of a stopped run readable for its user alone: the key lies outside the run's folder. */
export interface Seal {
  close(secret: string): string;
  open(sealed: string): string;
}

const CIPHER = 'aes-256-gcm';
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;

/** The key is made at the first secret; a run without secrets leaves no file. */
export function createSeal(keyFile = path.join(homedir(), '.azureml-local', 'run-secrets.key')): Seal {
  return {
    close(secret) {
      const nonce = randomBytes(NONCE_LENGTH);
      const cipher = createCipheriv(CIPHER, readOrMakeKey(keyFile), nonce);
      const hidden = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), hidden]).toString('base64');
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64');
      const nonce = bytes.subarray(0, NONCE_LENGTH);
      const tag = bytes.subarray(NONCE_LENGTH, NONCE_LENGTH + TAG_LENGTH);
      try {
        const decipher = createDecipheriv(CIPHER, readFileSync(keyFile), nonce).setAuthTag(tag);
        const hidden = bytes.subarray(NONCE_LENGTH + TAG_LENGTH);
        return Buffer.concat([decipher.update(hidden), decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new Problem({
          code: 'file',
          message: `The secrets of the run cannot be read with the key in '${keyFile}'.`,
          next: 'Continue the run as the user who started it, or start a new one.',
          cause,
        });
      }
    },
  };
}

function readOrMakeKey(file: string): Buffer {
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, randomBytes(32), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  }
  return readFileSync(file);
}
