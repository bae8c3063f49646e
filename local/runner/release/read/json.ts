import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import type { Place, Text } from '../../plan.ts';
import type { Findings } from '../../read/findings.ts';
import { readJsonText } from './text.ts';

/** A value of an exported definition: it knows its way from the top, and what is wrong with it is collected. */
export interface Json {
  readonly value: unknown;
  readonly place: Place;
  /** Neither missing nor null. */
  readonly isThere: boolean;
  get(name: string): Json;
  /** Empty for what is missing, null or an empty text. */
  items(): readonly Json[];
  members(): readonly (readonly [name: string, value: Json])[];
  /** Text, numbers and booleans as text. */
  text(otherwise?: string): string;
  /** The text with its place, for what may hold `$( )` or is an expression. */
  located(otherwise?: string): Text;
  number(otherwise?: number): number;
  flag(otherwise?: boolean): boolean;
}

interface Source {
  readonly file: string;
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
}

interface Origin {
  readonly locate: (way: Way) => Place;
  readonly findings: Findings;
}

type Way = readonly (string | number)[];

/** Reads a JSON file; throws a Problem for one that is none. */
export function readJsonFile(path: string, file: string, findings: Findings): Json {
  const { text, value } = readJsonText(path, file);
  const lines = new LineCounter();
  // JSON is YAML too; this reader knows where every value stands.
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, logLevel: 'silent' });
  const source = { file, document, lines };
  return jsonAt(value, [], { locate: (way) => placeOf(way, source), findings });
}

/** A value that is put together here, of parts that stand at one place. */
export function madeJson(value: unknown, place: Place, findings: Findings): Json {
  return jsonAt(value, [], { locate: () => place, findings });
}

/** What a client that converts too few levels writes in place of lists and objects. */
const CUT_OFF = /^(@\{.*\}|System\.[\w.]+(\[\])?)$/s;

function jsonAt(value: unknown, way: Way, origin: Origin): Json {
  const { findings } = origin;
  // Where a value stands takes a search, and is asked of few.
  let known: Place | undefined;
  const place = (): Place => (known ??= origin.locate(way));
  const isThere = value !== undefined && value !== null;
  const isMap = isThere && typeof value === 'object' && !Array.isArray(value);
  const isEmpty = !isThere || value === '';
  const wrong = (what: string): void => {
    if (typeof value !== 'string' || !CUT_OFF.test(value)) findings.wrong(place(), `This must be ${what}.`);
    else
      findings.wrong(
        place(),
        'What was here is lost: ConvertTo-Json keeps few levels.',
        'Save it again, with ConvertTo-Json -Depth 100.',
      );
  };
  const text = (otherwise = ''): string => {
    if (!isThere) return otherwise;
    if (typeof value !== 'object') return String(value);
    wrong('text');
    return otherwise;
  };
  return {
    value,
    get place() {
      return place();
    },
    isThere,
    get(name) {
      if (!isMap && !isEmpty) wrong('an object');
      return jsonAt(isMap ? Reflect.get(value, name) : undefined, [...way, name], origin);
    },
    items() {
      if (Array.isArray(value))
        return value.map((one: unknown, index) => jsonAt(one, [...way, index], origin));
      if (!isEmpty) wrong('a list');
      return [];
    },
    members() {
      if (isMap)
        return Object.entries(value).map(
          ([name, one]) => [name, jsonAt(one, [...way, name], origin)] as const,
        );
      if (!isEmpty) wrong('an object');
      return [];
    },
    text,
    located: (otherwise) => ({ text: text(otherwise), place: place() }),
    number(otherwise = 0) {
      const number = isThere && text() !== '' ? Number(text()) : otherwise;
      if (Number.isFinite(number)) return number;
      wrong('a number');
      return otherwise;
    },
    flag(otherwise = false) {
      const word = text(String(otherwise)).toLowerCase();
      if (word === 'true' || word === 'false') return word === 'true';
      wrong('true or false');
      return otherwise;
    },
  };
}

function placeOf(way: Way, { file, document, lines }: Source): Place {
  const path = pathOf(way);
  const node = document.getIn(nearest(way, document), true);
  const offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(1, line), column: Math.max(1, col), ...(path && { path }) };
}

/** What is missing stands where its object does. */
function nearest(way: Way, document: Document.Parsed): Way {
  return way.length === 0 || document.hasIn(way) ? way : nearest(way.slice(0, -1), document);
}

function pathOf(way: Way): string {
  return way.reduce<string>((path, part) => {
    if (typeof part === 'number') return `${path}[${part}]`;
    if (!/^[A-Za-z_]\w*$/.test(part)) return `${path}[${JSON.stringify(part)}]`;
    return path === '' ? part : `${path}.${part}`;
  }, '');
}
