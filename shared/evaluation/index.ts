export { compareData } from './data.ts';
export type { DataComparison, DataSource, MeasuredOn } from './data.ts';
export { judge } from './judge.ts';
export type { Finding, Judgement, Metrics, Verdict } from './judgement.ts';
export type { Policy } from './policy.ts';
export { policyWords, readPolicy } from './readPolicy.ts';
export type { ReadPolicy } from './readPolicy.ts';
export { numberInWords, pairInWords, percentInWords } from './sentences.ts';
