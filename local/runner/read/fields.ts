import type { Place, Text } from '../plan.ts';
import type { Entry, Expander } from './expand.ts';
import type { Findings } from './findings.ts';
import type { ValueMap } from '../expressions/index.ts';
import { withVariables, type Bound } from './scope.ts';

/** The tools every reader works with. */
export interface Desk {
  readonly findings: Findings;
  readonly expander: Expander;
}

const YES = /^(true|y|yes|on)$/i;
const NO = /^(false|n|no|off)$/i;

/** One map of the file, read key by key. */
export class Fields {
  readonly place: Place;
  /** What messages call this map, such as `A job`. */
  readonly what: string;
  private readonly desk: Desk;
  private readonly bound: Bound;
  private readonly found: ReadonlyMap<string, Entry>;

  constructor(desk: Desk, bound: Bound, what: string) {
    [this.desk, this.bound, this.what] = [desk, bound, what];
    this.found = new Map(desk.expander.entries(bound, what).map((entry) => [entry.key.text, entry]));
    this.place = [...this.found.values()][0]?.key.place ?? bound.node.place;
  }

  /** The same map, read again by someone who knows other variables. */
  seeing(variables: ValueMap): Fields {
    return new Fields(this.desk, withVariables(this.bound, variables), this.what);
  }

  get keys(): readonly string[] {
    return [...this.found.keys()];
  }

  get entries(): readonly Entry[] {
    return [...this.found.values()];
  }

  has(key: string): boolean {
    return this.found.has(key);
  }

  get(key: string): Bound | undefined {
    return this.found.get(key)?.value;
  }

  keyPlace(key: string): Place {
    return this.found.get(key)?.key.place ?? this.place;
  }

  /** Reports every key that is not in the list. */
  allow(known: readonly string[]): this {
    for (const { key } of this.entries)
      if (!known.includes(key.text))
        this.desk.findings.unknown(key.place, `${this.what}: the key`, key.text, known);
    return this;
  }

  /** Reports keys that mean something on Azure DevOps but nothing here. */
  refuse(keys: Readonly<Record<string, string>>): this {
    for (const [key, next] of Object.entries(keys)) {
      if (this.has(key)) this.desk.findings.unsupported(this.keyPlace(key), `'${key}'`, next || undefined);
    }
    return this;
  }

  text(key: string): Text | undefined {
    const bound = this.get(key);
    return bound && this.desk.expander.text(bound, `'${key}'`);
  }

  /** Text that must be there and not be empty. */
  needed(key: string): Text | undefined {
    const text = this.text(key);
    if (text?.text.trim()) return text;
    if (!this.has(key) || text)
      this.desk.findings.wrong(
        this.has(key) ? this.keyPlace(key) : this.place,
        `${this.what} needs '${key}'.`,
      );
    return undefined;
  }

  boolean(key: string, fallback: boolean): boolean {
    const text = this.settled(key);
    if (!text) return fallback;
    if (YES.test(text.text)) return true;
    if (!NO.test(text.text))
      this.desk.findings.wrong(text.place, `'${key}' must be true or false, not '${text.text}'.`);
    return false;
  }

  /** A whole number of at least zero. */
  number(key: string, fallback: number): number {
    const text = this.settled(key);
    if (!text) return fallback;
    if (/^\d{1,9}$/.test(text.text)) return Number(text.text);
    this.desk.findings.wrong(
      text.place,
      `'${key}' must be a whole number of at least 0, not '${text.text}'.`,
    );
    return fallback;
  }

  /** Text that must be known before the run starts. */
  private settled(key: string): Text | undefined {
    const text = this.text(key);
    if (text === undefined || text.text.trim() === '') return undefined;
    if (!/\$[[(]/.test(text.text)) return { ...text, text: text.text.trim() };
    this.desk.findings.unsupported(
      text.place,
      `A value for '${key}' that is known only while the pipeline runs`,
      'Write it down, or use ${{ }}.',
    );
    return undefined;
  }

  /** A single text or a list of texts. */
  texts(key: string): readonly Text[] | undefined {
    const bound = this.get(key);
    if (!bound) return undefined;
    const part = this.desk.expander.resolve(bound);
    if (part.node.kind === 'scalar')
      return part.node.text === '' ? [] : [{ text: part.node.text, place: part.node.place }];
    const items = this.desk.expander.items(part, `'${key}'`);
    return items.flatMap((item) => this.desk.expander.text(item, `An item of '${key}'`) ?? []);
  }

  /** A map of texts. */
  textMap(key: string): ReadonlyMap<string, Text> {
    const bound = this.get(key);
    const entries = bound ? this.desk.expander.entries(bound, `'${key}'`) : [];
    return new Map(
      entries.flatMap(({ key: name, value }) => {
        const text = this.desk.expander.text(value, `'${name.text}'`);
        return text ? [[name.text, text] as const] : [];
      }),
    );
  }
}
