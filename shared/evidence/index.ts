export { addLink, EMPTY_RECORD, latest, sealRecord, verifyChain } from './chain.ts';
export { canonicalJson, hashOf, hashOfFiles, recordedMetrics, recordMetrics } from './hash.ts';
export {
  approvalTags,
  evidenceAddress,
  evidenceHashIn,
  evidenceProperties,
  gateMetricsIn,
  hasPassed,
  verdictTags,
} from './properties.ts';
export { parseRecord, readRecord } from './read.ts';
export type * from './record.ts';
export { escapeMarkdown } from './render/markdown.ts';
export { summaryMarkdown, summaryText } from './render/summary.ts';
