import type { ValueMap } from '../expressions/index.ts';
import type { Text, VariableDefinition, Variables } from '../plan.ts';
import { checkVariable, type Level } from './conditions.ts';
import { Fields } from './fields.ts';
import { plusVariable, withVariables, type Bound } from './scope.ts';
import { openTemplate, type ReadingDesk } from './templates.ts';

export interface ReadVariables {
  readonly definitions: Variables;
  /** What `${{ variables }}` sees from here on. */
  readonly known: ValueMap;
}

/** Reads a `variables:` map or list; each definition sees the ones before it. */
export function readVariables(
  desk: ReadingDesk,
  bound: Bound | undefined,
  level: Level,
  before: ValueMap,
): ReadVariables {
  const reading = new Reading(desk, level, before);
  if (bound) reading.add(withVariables(bound, before));
  return { definitions: reading.definitions, known: reading.known };
}

class Reading {
  readonly definitions = new Map<string, VariableDefinition>();
  known: ValueMap;
  private readonly desk: ReadingDesk;
  private readonly level: Level;

  constructor(desk: ReadingDesk, level: Level, before: ValueMap) {
    [this.desk, this.level, this.known] = [desk, level, before];
  }

  add(bound: Bound): void {
    const part = this.desk.expander.resolve(bound);
    if (part.node.kind === 'list') this.addList(part);
    else this.addMap(part);
  }

  private addMap(part: Bound): void {
    const seen = new Map<string, Text>();
    for (const { key, value } of this.desk.expander.entries(part, "'variables'")) {
      const before = seen.get(key.text.toLowerCase());
      if (before)
        this.desk.findings.wrong(
          key.place,
          `The variable '${key.text}' is already given in line ${before.place.line}.`,
        );
      seen.set(key.text.toLowerCase(), key);
      const text = this.desk.expander.text(withVariables(value, this.known), `The variable '${key.text}'`);
      if (text) this.define(key, text, false);
    }
  }

  /** Items are taken one at a time: a condition in the list may ask for a variable above it. */
  private addList(part: Bound): void {
    const { node } = part;
    if (node.kind !== 'list' || part.expanded || !needsOrder(part)) {
      for (const item of this.desk.expander.items(part, "'variables'")) this.addItem(item);
      return;
    }
    for (const group of inChains(node.items)) {
      const list = { ...withVariables(part, this.known), node: { ...node, items: group } };
      for (const item of this.desk.expander.items(list, "'variables'")) this.addItem(item);
    }
  }

  private addItem(item: Bound): void {
    const fields = new Fields(this.desk, withVariables(item, this.known), 'A variable');
    if (fields.has('template')) return this.addTemplate(withVariables(item, this.known));
    if (fields.has('group')) {
      const next = 'Write its variables into the file, or give them with the run.';
      this.desk.findings.unsupported(
        fields.keyPlace('group'),
        `The variable group '${fields.text('group')?.text ?? ''}'`,
        next,
      );
      return;
    }
    fields.allow(['name', 'value', 'readonly', 'group', 'template']);
    const name = fields.needed('name');
    const value = fields.text('value') ?? (name && { text: '', place: name.place });
    if (name && value) this.define(name, value, fields.boolean('readonly', false));
  }

  private addTemplate(item: Bound): void {
    const inner = openTemplate(this.desk, item, 'variables')?.get('variables');
    if (inner) this.add(withVariables(inner, this.known));
  }

  private define(name: Text, value: Text, readOnly: boolean): void {
    checkVariable(this.desk, value, this.level);
    const earlier = [...this.definitions.keys()].find(
      (known) => known.toLowerCase() === name.text.toLowerCase(),
    );
    if (earlier !== undefined) this.definitions.delete(earlier);
    this.definitions.set(name.text, { value, readOnly });
    this.known = plusVariable(this.known, name.text, value.text);
  }
}

function needsOrder(part: Bound): boolean {
  return (
    part.node.kind === 'list' &&
    part.node.items.some((item) => item.kind === 'map' && item.entries[0]?.key.text.includes('${{'))
  );
}

/** Splits a list into runs, so that `else` stays with its `if`. */
function inChains<T extends { kind: string }>(items: readonly T[]): T[][] {
  const groups: T[][] = [];
  for (const item of items) {
    const continues = /^\s*\$\{\{\s*else/.test(firstKey(item));
    if (continues && groups.length > 0) groups.at(-1)!.push(item);
    else groups.push([item]);
  }
  return groups;
}

function firstKey(item: { kind: string; entries?: readonly { key: { text: string } }[] }): string {
  return item.entries?.[0]?.key.text ?? '';
}
