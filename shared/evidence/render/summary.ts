import { latest } from '../chain.ts';
import { evidenceAddress } from '../properties.ts';
import type { SealedRecord } from '../record.ts';
import { code, heading, paragraph, strong, type Block, type Piece } from './block.ts';
import { deployedBlocks, plannedBlocks, registeredBlocks, trainedBlocks } from './delivery.ts';
import { judgementBlocks, policyReference } from './judgement.ts';
import { printMarkdown } from './markdown.ts';
import { printText } from './terminal.ts';

/**
 * The page an approver reads: the verdict first, then the numbers, the plan, and where everything came from. `note`: what
 * the record does not say, above all.
 */
export function summaryMarkdown(sealed: SealedRecord, note?: string): string {
  return printMarkdown([...(note ? [paragraph(strong(note))] : []), ...summaryBlocks(sealed)]);
}

/** The same page for a terminal or a log. */
export function summaryText(sealed: SealedRecord): string {
  return printText(summaryBlocks(sealed));
}

function summaryBlocks({ record, hash }: SealedRecord): Block[] {
  const [trained, judged, registered] = [
    latest(record, 'trained')?.content,
    latest(record, 'judged')?.content,
    latest(record, 'registered')?.content,
  ];
  const [planned, deployed] = [latest(record, 'planned')?.content, latest(record, 'deployed')?.content];
  return [
    ...(judged ? judgementBlocks(judged) : [paragraph(strong('This candidate has not been judged.'))]),
    ...(planned ? plannedBlocks(planned) : []),
    ...(deployed ? deployedBlocks(deployed) : []),
    ...(registered ? registeredBlocks(registered) : []),
    ...(trained ? trainedBlocks(trained) : []),
    heading('Evidence'),
    {
      kind: 'list',
      items: [
        ['SHA-256: ', code(hash)] satisfies Piece[],
        ['Stored at: ', code(evidenceAddress(hash))] satisfies Piece[],
        ...(judged ? [policyReference(judged)] : []),
      ],
    },
  ];
}
