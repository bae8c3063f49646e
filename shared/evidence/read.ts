import { Validator, type Schema } from '@cfworker/json-schema';
import { messageOf, Problem } from '../problem/index.ts';
import evidenceSchema from '../../docs/schemas/evidence.schema.json' with { type: 'json' };
import { verifyChain } from './chain.ts';
import { canonicalJson, sha256 } from './hash.ts';
import { SCHEMA_VERSION, type EvidenceRecord, type SealedRecord } from './record.ts';

/**
 * Reads a stored record: its hash must be the one it is known by, its form that of the schema, its chain whole.
 * Each failure is a Problem that says what was expected and what was found.
 */
export async function readRecord(text: string, expectedHash: string): Promise<SealedRecord> {
  const hash = await sha256(text);
  if (hash !== expectedHash.toLowerCase()) {
    throw evidenceProblem(
      `The evidence is not the one that was asked for: expected ${expectedHash}, found ${hash}.`,
      'Find out who may write to the evidence folder of the datastore, then judge and register the candidate again.',
    );
  }
  const record = parseRecord(text);
  if (canonicalJson(record) !== text) {
    throw evidenceProblem('The evidence is not written in its canonical form (RFC 8785).', REWRITE);
  }
  await verifyChain(record);
  return { record, text, hash };
}

/** The record in a JSON text, checked against the published schema, but neither its hash nor its chain. */
export function parseRecord(text: string): EvidenceRecord {
  const value = parseJson(text);
  const version = versionOf(value);
  if (version !== SCHEMA_VERSION) {
    throw evidenceProblem(
      `The evidence has schema version ${String(version)}; this version of the task reads ${SCHEMA_VERSION}.`,
      'Use the newest version of the extension in every stage.',
    );
  }
  // The schema is part of the program; its literal type is only too narrow for the validator's.
  const { valid, errors } = new Validator(evidenceSchema as Schema, '7', true).validate(value);
  if (!valid) {
    const deepest = errors.at(-1);
    const where = deepest ? ` At ${deepest.instanceLocation}: ${deepest.error}` : '';
    throw evidenceProblem(`The evidence does not have the form of its schema.${where}`, REWRITE);
  }
  return value as EvidenceRecord;
}

const REWRITE = 'Judge and register the candidate again, so that its evidence is written anew.';

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw evidenceProblem(`The evidence is not JSON: ${messageOf(cause)}.`, REWRITE, cause);
  }
}

function versionOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'schemaVersion' in value
    ? value.schemaVersion
    : undefined;
}

function evidenceProblem(message: string, next: string, cause?: unknown): Problem {
  return new Problem({ code: 'evidence', message, next, ...(cause !== undefined && { cause }) });
}
