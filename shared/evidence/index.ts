export { addLink, EMPTY_RECORD, latest, sealRecord, verifyChain } from './chain.ts';
export { canonicalJson, hashOf, hashOfFiles, recordedMetrics, recordMetrics, sha256 } from './hash.ts';
export {
  EVIDENCE_NAMES,
  evidenceAddress,
  evidenceHashIn,
  evidenceProperties,
  gateMetricsIn,
  hasPassed,
  LONGEST_PROPERTIES_IN_BYTES,
} from './properties.ts';
export { parseRecord, readRecord } from './read.ts';
export type * from './record.ts';
export { escapeMarkdown } from './render/markdown.ts';
export { summaryMarkdown, summaryText } from './render/summary.ts';
