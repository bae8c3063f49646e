import { Problem } from '../problem/index.ts';
import { canonicalJson, hashOf, recordable, sha256 } from './hash.ts';
import {
  SCHEMA_VERSION,
  type EvidenceLink,
  type EvidenceRecord,
  type LinkContents,
  type LinkKind,
  type LinkOf,
  type SealedRecord,
} from './record.ts';

/** The record of a candidate of which nothing is known yet. */
export const EMPTY_RECORD: EvidenceRecord = { schemaVersion: SCHEMA_VERSION, links: [] };

/**
 * The record with one more link. Nothing is ever taken out; a link that says the same as the last one is not added
 * again, so that a repeated task leaves the record, and its hash, as they are.
 */
export async function addLink<K extends LinkKind>(
  record: EvidenceRecord,
  link: { kind: K; at: Date; content: LinkContents[K] },
): Promise<EvidenceRecord> {
  const last = record.links.at(-1);
  const content = recordable(link.content);
  if (last?.kind === link.kind && canonicalJson(last.content) === canonicalJson(content)) return record;
  const previous = last === undefined ? null : await hashOf(last);
  const next = { kind: link.kind, at: link.at.toISOString(), previous, content };
  return { ...record, links: [...record.links, oneOfKind(next)] };
}

/** A link of some kind is one of the links; the compiler cannot follow that through the generic. */
function oneOfKind<K extends LinkKind>(link: LinkOf<K>): EvidenceLink;
function oneOfKind(link: EvidenceLink): EvidenceLink {
  return link;
}

/** The newest link of a kind. */
export function latest<K extends LinkKind>(record: EvidenceRecord, kind: K): LinkOf<K> | undefined {
  return record.links.findLast((link): link is LinkOf<K> & EvidenceLink => link.kind === kind);
}

/** The record as it is stored: canonical text, named by its hash. */
export async function sealRecord(record: EvidenceRecord): Promise<SealedRecord> {
  const text = canonicalJson(record);
  return { record, text, hash: await sha256(text) };
}

/** Checks that every link carries the hash of the one before; throws a Problem that names the broken link and both hashes. */
export async function verifyChain({ links }: EvidenceRecord): Promise<void> {
  let expected: string | null = null;
  for (const [index, link] of links.entries()) {
    if (link.previous !== expected) throw brokenLink(index, link, expected);
    expected = await hashOf(link);
  }
}

function brokenLink(index: number, link: EvidenceLink, expected: string | null): Problem {
  const before = index === 0 ? 'nothing before it' : `the link before it, ${expected}`;
  const said = link.previous === null ? 'no earlier link' : link.previous;
  return new Problem({
    code: 'evidence',
    message: `The evidence was changed: link ${index + 1} (${link.kind}) names ${said}, but there is ${before}.`,
    next: 'Judge and register the candidate again; find out who may write to the evidence folder of the datastore.',
  });
}
