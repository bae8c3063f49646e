import type { ErrorObject } from 'ajv';
import { closestMatch } from 'leven';
import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { Problem, type ProblemPlace } from '../../problem/index.ts';
import { isSmokeTest } from './checks.ts';

type Path = readonly (string | number)[];

const LONGEST = 1_000_000;
/** More references than this to one anchor are an attack, not a test. */
const MOST_ALIASES = 100;

/** A smoke test file as YAML, checked against the published schema, that knows where everything stands. */
export class SmokeDocument {
  readonly problems: Problem[] = [];
  readonly #lines = new LineCounter();
  readonly #document: Document.Parsed;
  readonly #file: string;

  constructor(text: string, file: string) {
    this.#file = file;
    const isLong = text.length > LONGEST;
    this.#document = parseDocument(isLong ? '' : text, { lineCounter: this.#lines, prettyErrors: false });
    if (isLong) this.#complainAt(0, 'A smoke test of more than a million characters is not read.');
    for (const error of [...this.#document.errors, ...this.#document.warnings])
      this.#complainAt(
        error.pos[0],
        `This is not YAML: ${error.message.replace(/\.$/, '')}.`,
        'Correct the YAML.',
      );
  }

  /** The content when it fits the schema; undefined, with complaints, when it does not. */
  content(): unknown {
    if (this.problems.length > 0) return undefined;
    const value = this.#value();
    if (value === undefined) return undefined;
    if (isSmokeTest(value)) return value;
    for (const error of telling(isSmokeTest.errors ?? [])) this.#complainOf(error);
    return undefined;
  }

  complain(path: Path, message: string, next?: string): void {
    this.#complainAt(this.#offsetOf(path), message, next);
  }

  #value(): unknown {
    try {
      return this.#document.toJS({ maxAliasCount: MOST_ALIASES }) as unknown;
    } catch (error) {
      this.#complainAt(
        0,
        `The file cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      );
      return undefined;
    }
  }

  #complainOf(error: ErrorObject): void {
    const path = error.instancePath.split('/').slice(1).map(unescape);
    const name = path.findLast((part) => !/^\d+$/.test(part)) ?? 'the smoke test';
    const extra: unknown = error.params['additionalProperty'];
    if (typeof extra === 'string') {
      const known = Object.keys((error.parentSchema?.['properties'] ?? {}) as object);
      this.complain([...path, extra], `'${extra}' is not known in '${name}'.`, suggestion(extra, known));
    } else this.complain(path, sentenceOf(error, name));
  }

  #offsetOf(path: Path): number {
    const parent: unknown = this.#document.getIn(path.slice(0, -1), true);
    const last = path.at(-1);
    if (isMap(parent) && last !== undefined) {
      const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(last));
      if (isNode(pair?.key)) return pair.key.range?.[0] ?? 0;
    }
    const node: unknown = this.#document.getIn(path.map(toIndex), true);
    return isNode(node) ? (node.range?.[0] ?? 0) : 0;
  }

  #complainAt(offset: number, message: string, next?: string): void {
    const { line, col } = this.#lines.linePos(offset);
    const place: ProblemPlace = { file: this.#file, line: Math.max(line, 1), column: Math.max(col, 1) };
    this.problems.push(new Problem({ code: 'file', message, place, ...(next && { next }) }));
  }
}

/** Of a choice that fails, the errors of each branch say less than the choice itself; so does the `if` around a `then`. */
function telling(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const choices = errors.filter(({ keyword }) => keyword === 'anyOf').map(({ instancePath }) => instancePath);
  return errors.filter(
    ({ keyword, instancePath, schemaPath }) =>
      keyword !== 'if' &&
      !(schemaPath.includes('anyOf/') || (choices.includes(instancePath) && keyword !== 'anyOf')),
  );
}

function sentenceOf(error: ErrorObject, name: string): string {
  const comment: unknown = error.parentSchema?.['$comment'];
  if (error.keyword === 'not' && typeof comment === 'string') return comment;
  if (error.keyword === 'required') return `'${name}' needs '${String(error.params['missingProperty'])}'.`;
  if (error.keyword === 'enum')
    return `'${name}' is one of ${(error.params['allowedValues'] as unknown[]).join(', ')}.`;
  if (error.keyword === 'pattern' && name === 'path') return "A path starts with one '/', such as /score.";
  if (error.keyword === 'anyOf')
    return name === 'tolerance'
      ? "A tolerance is a number that is not negative, or a percentage such as '2 %'."
      : 'A status is a whole number from 100 to 599, or a list of them.';
  return `'${name}' ${error.message ?? 'is wrong'}.`;
}

function suggestion(written: string, known: readonly string[]): string {
  const near = closestMatch(written, known, { maxDistance: Math.max(2, Math.floor(written.length / 2)) });
  return near === undefined ? `Known here: ${known.join(', ')}.` : `Did you mean '${near}'?`;
}

function unescape(part: string): string {
  return part.replace(/~1/g, '/').replace(/~0/g, '~');
}

function toIndex(part: string | number): string | number {
  return typeof part === 'string' && /^\d+$/.test(part) ? Number(part) : part;
}
