import { redact } from '../../problem/index.ts';
import { isObject, type Json } from '../json.ts';
import type { Expectation, Probe, SmokeAnswer, SmokeRequest, Tolerance, ValueCheck } from './smokeTest.ts';

/** Longest piece of an answer that is shown. */
const SHOWN = 200;
const MOST_FINDINGS = 10;

/** Judges one answer: status, latency, schema, values. */
export function judgeAnswer(request: SmokeRequest, answer: SmokeAnswer): Probe {
  const { expect } = request;
  const findings = [
    ...statusFinding(expect, answer),
    ...latencyFinding(expect, answer),
    ...bodyFindings(expect, answer),
  ];
  const { status, latencyInMs } = answer;
  return {
    name: request.name,
    passed: findings.length === 0,
    status,
    latencyInMs,
    findings: atMost(findings),
  };
}

/** A request that got no answer. */
export function unanswered(request: SmokeRequest, reason: string): Probe {
  const findings = [`No answer: ${shorten(reason)}`];
  return { name: request.name, passed: false, status: undefined, latencyInMs: undefined, findings };
}

function statusFinding({ statuses }: Expectation, { status, body }: SmokeAnswer): string[] {
  if (statuses.includes(status)) return [];
  return [`Expected status ${statuses.join(' or ')}, found ${status}: ${shorten(body)}`];
}

function latencyFinding({ maxLatencyInMs }: Expectation, { latencyInMs }: SmokeAnswer): string[] {
  if (maxLatencyInMs === undefined || latencyInMs <= maxLatencyInMs) return [];
  return [`Expected an answer within ${maxLatencyInMs} ms, found ${Math.round(latencyInMs)} ms.`];
}

function bodyFindings({ schema, values }: Expectation, { body }: SmokeAnswer): string[] {
  if (!schema && values.length === 0) return [];
  const document = parseJson(body);
  if (document === undefined)
    return [`Expected JSON, found ${body === '' ? 'an empty answer' : shorten(body)}`];
  const misfits = (schema?.(document.value) ?? []).map(
    (misfit) =>
      `Expected an answer that fits the schema, found that ${shorten(misfit)}: ${shown(document.value)}`,
  );
  return [...misfits, ...values.flatMap((check) => valueFindings(check, document.value))];
}

function valueFindings(check: ValueCheck, document: Json): string[] {
  const found = check.query(document);
  if (check.count !== undefined && found.length !== check.count)
    return [`Expected ${check.count} values at ${check.path}, found ${found.length} in ${shown(document)}`];
  if (found.length === 0 && check.count === undefined)
    return [`Expected a value at ${check.path}, found none in ${shown(document)}`];
  return found.flatMap((value) => {
    const asked = unmet(check, value);
    return asked === undefined ? [] : [`Expected ${asked} at ${check.path}, found ${shown(value)}`];
  });
}

/** What was asked for and is not so; undefined when all is well. */
function unmet(check: ValueCheck, value: Json): string | undefined {
  const { equals, tolerance, min, max, matches } = check;
  if (equals && !isNear(equals.value, value, tolerance))
    return `${shown(equals.value)}${marginWords(tolerance)}`;
  if (min !== undefined && !(typeof value === 'number' && value >= min)) return `a number of at least ${min}`;
  if (max !== undefined && !(typeof value === 'number' && value <= max)) return `a number of at most ${max}`;
  if (matches && !(typeof value === 'string' && matches.test(value)))
    return `text that matches ${matches.source}`;
  return undefined;
}

/** The same document, numbers within the tolerance. */
function isNear(expected: Json, found: Json, tolerance: Tolerance): boolean {
  if (typeof expected === 'number' && typeof found === 'number') {
    const margin = tolerance.isPercent ? (Math.abs(expected) * tolerance.amount) / 100 : tolerance.amount;
    return Math.abs(expected - found) <= margin;
  }
  if (Array.isArray(expected) && Array.isArray(found))
    return (
      expected.length === found.length && expected.every((item, at) => isNear(item, found[at], tolerance))
    );
  if (isObject(expected) && isObject(found)) {
    const keys = Object.keys(expected);
    return (
      keys.length === Object.keys(found).length &&
      keys.every(
        (key) => Object.hasOwn(found, key) && isNear(expected[key] ?? null, found[key] ?? null, tolerance),
      )
    );
  }
  return expected === found;
}

function marginWords({ amount, isPercent }: Tolerance): string {
  return amount === 0 ? '' : ` within ${amount}${isPercent ? ' %' : ''}`;
}

function parseJson(body: string): { readonly value: Json } | undefined {
  try {
    return { value: JSON.parse(body) as Json };
  } catch {
    return undefined;
  }
}

function shown(value: Json): string {
  return shorten(JSON.stringify(value));
}

/** Text from outside for one line of a report: no secrets, no line breaks, not too long. */
function shorten(text: string): string {
  const line = redact(text).replace(/\s+/g, ' ').trim();
  return line.length <= SHOWN ? line : `${line.slice(0, SHOWN)}…`;
}

function atMost(findings: readonly string[]): readonly string[] {
  if (findings.length <= MOST_FINDINGS) return findings;
  return [...findings.slice(0, MOST_FINDINGS), `And ${findings.length - MOST_FINDINGS} more.`];
}
