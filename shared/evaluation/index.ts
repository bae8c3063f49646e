export { compareData } from './data.ts';
export type { DataComparison, DataSource, MeasuredOn } from './data.ts';
export type { PolicySource } from './document.ts';
export { judge } from './judge.ts';
export type { Case } from './judge.ts';
export type { Finding, Judgement, Metrics, Outcome, Verdict } from './judgement.ts';
export type { Direction, Distance, MetricRule, Policy, SameData } from './policy.ts';
export { policyWords, readPolicy } from './read-policy.ts';
export { numberInWords, pairInWords, percentInWords } from './sentences.ts';
