import { minimatch } from 'minimatch';
import { throwIfAny } from '../../../shared/problem/index.ts';
import { FaultDocument, type FaultEntry } from './document.ts';
import { EFFECT_WORDS, readEffect } from './readEffect.ts';
import {
  FAULTY_SERVICES,
  type FaultEffect,
  type FaultPlan,
  type FaultRule,
  type FaultTarget,
  type FaultyService,
} from './rule.ts';

const PLAN_WORDS = ['$schema', 'seed', 'faults'];
const RULE_WORDS = ['name', 'fault', 'on', 'skip', 'count', 'probability'];
const TARGET_WORDS = ['service', 'method', 'path'];
const METHODS = ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE'];
/** What storage cannot do: it provisions nothing, and its limits are told by throttling. */
const OF_API_ONLY: readonly FaultEffect['fault'][] = ['quota', 'slow-provisioning', 'image-build-failure'];
const DEFAULT_SEED = 1;
const LARGEST_SEED = 2 ** 32 - 1;

/** Reads faults from YAML or JSON text; throws everything that is wrong together, with lines and columns. `source` is a file's name. */
export function readFaults(text: string, source: string): FaultPlan {
  const document = new FaultDocument(text, source);
  const plan = document.map(document.root, 'A list of faults');
  plan.knownOnly(PLAN_WORDS);
  const rules = document
    .items(plan.needed('faults'), "'faults'")
    .map((item, index) => readRule(document.map(item, `Fault ${index + 1}`), index));
  const seed = plan.whole('seed', 0, LARGEST_SEED) ?? DEFAULT_SEED;
  throwIfAny(document.problems);
  return { seed, rules };
}

function readRule(entry: FaultEntry, index: number): FaultRule {
  const effect = readEffect(entry);
  entry.knownOnly([...RULE_WORDS, ...EFFECT_WORDS[effect.fault]]);
  const count = entry.whole('count', 1);
  return {
    name: entry.text('name') ?? `fault ${index + 1}`,
    on: readTarget(entry.inner('on'), effect.fault),
    skip: entry.whole('skip', 0) ?? 0,
    ...(count === undefined ? {} : { count }),
    probability: entry.number('probability', 0, 1) ?? 1,
    effect,
  };
}

function readTarget(entry: FaultEntry | undefined, fault: FaultEffect['fault']): FaultTarget {
  entry?.knownOnly(TARGET_WORDS);
  const possible = OF_API_ONLY.includes(fault) ? (['api'] as const) : FAULTY_SERVICES;
  const service: FaultyService = entry?.word('service', possible) ?? 'api';
  const methods = entry?.words('method', METHODS);
  const path = entry?.text('path');
  return {
    service,
    ...(methods === undefined ? {} : { methods }),
    ...(path === undefined ? {} : { path }),
    matches: (asked) =>
      asked.service === service &&
      (methods?.includes(asked.method) ?? true) &&
      (path === undefined || matchesPath(asked.path, path)),
  };
}

const WORKSPACE =
  /\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.MachineLearningServices\/workspaces\/[^/]+/i;

/** A pattern that begins with a slash is for the whole path; any other for what is left without the workspace's own address. */
function matchesPath(path: string, pattern: string): boolean {
  if (pattern.startsWith('/')) return minimatch(path, pattern, { nocase: true, dot: true });
  return minimatch(path.replace(WORKSPACE, '').replace(/^\//, ''), pattern, { nocase: true, dot: true });
}
