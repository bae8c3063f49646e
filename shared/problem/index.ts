export { Problem, Problems, throwIfAny } from './problem.ts';
export type { ProblemCode, ProblemPlace, ServiceReply } from './problem.ts';
export { messageOf, wordsFor } from './words.ts';
export { redact } from './redaction.ts';
