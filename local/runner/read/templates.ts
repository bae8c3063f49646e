import type { ValueMap } from '../expressions/index.ts';
import { toPlain } from '../expressions/index.ts';
import type { Text } from '../plan.ts';
import { Fields, type Desk } from './fields.ts';
import type { Files } from './files.ts';
import { readParameters, type Given } from './parameters.ts';
import type { Bound, Scope } from './scope.ts';

/** The service's limit on templates in templates. */
const DEEPEST = 100;

/** What a template file may hold beside its parameters, by where it is used. */
const CONTENTS = {
  stages: ['stages'],
  jobs: ['jobs'],
  steps: ['steps'],
  variables: ['variables'],
  extends: [
    'stages',
    'jobs',
    'steps',
    'extends',
    'variables',
    'resources',
    'trigger',
    'pr',
    'schedules',
    'pool',
    'name',
    'lockBehavior',
  ],
} as const;
export type TemplateKind = keyof typeof CONTENTS;

export interface ReadingDesk extends Desk {
  readonly files: Files;
}

/** Opens the template a `template:` entry names, with its parameters filled; undefined after a problem. */
export function openTemplate(desk: ReadingDesk, entry: Bound, kind: TemplateKind): Fields | undefined {
  const reference = new Fields(desk, entry, 'A template reference').allow(['template', 'parameters']);
  const name = reference.needed('template');
  const given = givenBy(desk, reference.get('parameters'));
  const path = name && desk.files.find(name.text, name.place);
  if (!name || path === undefined) return undefined;
  const inner = { ...entry.scope, parameters: new Map(), locals: {} };
  const root = desk.findings.collect(() => desk.files.open(path));
  if (!root) return undefined;
  const outline = new Fields(
    desk,
    { node: root, scope: inner, expanded: false },
    `The template '${name.text}'`,
  );
  outline.allow(['parameters', ...CONTENTS[kind]]);
  const parameters = readParameters(desk, outline.get('parameters'), given, name.place);
  const scope = included(desk, { ...inner, parameters }, name, path);
  // Again with the parameters: keys of the template's own top level may depend on them.
  return scope && new Fields(desk, { node: root, scope, expanded: false }, `The template '${name.text}'`);
}

function givenBy(desk: Desk, parameters: Bound | undefined): Map<string, Given> {
  const entries = parameters ? desk.expander.entries(parameters, "'parameters'") : [];
  return new Map(
    entries.map(({ key, value }) => [key.text, { place: key.place, node: desk.expander.deep(value) }]),
  );
}

function included(desk: Desk, scope: Scope, name: Text, path: string): Scope | undefined {
  const key = keyOf(path, scope.parameters);
  const way = [...scope.inclusions.map(({ file }) => file), path].map((file) => file.split(/[\\/]/).at(-1)!);
  if (scope.inclusions.some((before) => before.key === key)) {
    desk.findings.wrong(name.place, `The template includes itself without end: ${way.join(' > ')}.`);
    return undefined;
  }
  if (scope.inclusions.length >= DEEPEST) {
    desk.findings.wrong(
      name.place,
      `Templates may nest at most ${DEEPEST} deep: ... > ${way.slice(-4).join(' > ')}.`,
    );
    return undefined;
  }
  desk.expander.spend(1, name.place);
  return { ...scope, inclusions: [...scope.inclusions, { file: path, key }] };
}

function keyOf(path: string, parameters: ValueMap): string {
  return `${path} ${JSON.stringify(toPlain(parameters))}`;
}
