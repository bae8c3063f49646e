import type { Draft, DraftMap } from '../../compilation.ts';
import type { YamlNode } from '../../document/node.ts';
import { pythonTextOf } from '../../document/python.ts';
import { anything, jsonOf } from '../../fields/basic.ts';
import { mapOf } from '../../fields/collections.ts';
import { mapped, type Field } from '../../fields/field.ts';
import type { Scope } from '../../fields/scope.ts';

/** Members of `conf` with a short name of their own; either spelling is read. */
const KNOWN = {
  driver_cores: 'spark.driver.cores',
  driver_memory: 'spark.driver.memory',
  executor_cores: 'spark.executor.cores',
  executor_memory: 'spark.executor.memory',
  executor_instances: 'spark.executor.instances',
  dynamic_allocation_enabled: 'spark.dynamicAllocation.enabled',
  dynamic_allocation_min_executors: 'spark.dynamicAllocation.minExecutors',
  dynamic_allocation_max_executors: 'spark.dynamicAllocation.maxExecutors',
} as const;
type Known = (typeof KNOWN)[keyof typeof KNOWN];

const INSTANCES = 'spark.executor.instances';
const ENABLED = 'spark.dynamicAllocation.enabled';
const LEAST = 'spark.dynamicAllocation.minExecutors';
const MOST = 'spark.dynamicAllocation.maxExecutors';
const SIZES: readonly Known[] = [
  'spark.driver.cores',
  'spark.driver.memory',
  'spark.executor.cores',
  'spark.executor.memory',
];

/** The configuration of Spark: what is known by name, and what goes along as it is. */
export interface SparkConf {
  readonly known: ReadonlyMap<Known, YamlNode>;
  readonly others: ReadonlyMap<string, YamlNode>;
}

export const NO_CONF: SparkConf = { known: new Map(), others: new Map() };

export const conf: Field<SparkConf> = mapped(mapOf({ ...anything, acceptsNull: false }), (_, node) => {
  const known = new Map<Known, YamlNode>();
  const others = new Map<string, YamlNode>();
  const entries = node.kind === 'map' ? [...node.entries] : [];
  for (const [key, { value }] of entries) if (isShort(key)) known.set(KNOWN[key], value);
  for (const [key, { value }] of entries) {
    const long = Object.values(KNOWN).find((name) => name === key);
    if (long) known.set(long, value);
    else if (!isShort(key)) others.set(key, value);
  }
  return { known, others };
});

function isShort(key: string): key is keyof typeof KNOWN {
  return Object.hasOwn(KNOWN, key);
}

/** What a step says of its component's configuration comes before what that says. */
export function mergedConf(own: SparkConf, component: SparkConf): SparkConf {
  return {
    known: new Map([...component.known, ...own.known]),
    others: own.others.size > 0 ? own.others : component.others,
  };
}

/** With dynamic allocation, the least number of executors is the first one unless the file says another. */
export function startedConf(given: SparkConf): SparkConf {
  const least = given.known.get(LEAST);
  if (given.known.has(INSTANCES) || !least || textOf(given, ENABLED)?.toLowerCase() !== 'true') return given;
  return { ...given, known: new Map([...given.known, [INSTANCES, least]]) };
}

/** As a specification or step has it: in the file's own types, numbers in quotes as numbers. */
export function confSpec({ known, others }: SparkConf): DraftMap | undefined {
  const own = [...others].map(([key, node]): [string, Draft] => [key, jsonOf(node)]);
  const named = [...known].map(([key, node]): [string, Draft] => [key, asNumber(jsonOf(node))]);
  return own.length + named.length > 0 ? Object.fromEntries([...own, ...named]) : undefined;
}

function asNumber(value: Draft): Draft {
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
}

/** As a job of its own sends it: all text, dynamic allocation only where it is on. */
export function confText(given: SparkConf): DraftMap {
  const names: Known[] = [
    ...SIZES,
    ...(isDynamic(given) ? ([ENABLED, LEAST, MOST] as const) : []),
    INSTANCES,
  ];
  const named = names.flatMap((name): [string, string][] => {
    const value = name === ENABLED ? 'True' : textOf(given, name);
    return value === undefined ? [] : [[name, value]];
  });
  const own = [...given.others].map(([key, node]): [string, string] => [key, pythonTextOf(node)]);
  return Object.fromEntries([...own, ...named]);
}

function textOf({ known }: SparkConf, name: Known): string | undefined {
  const node = known.get(name);
  return node && pythonTextOf(node);
}

function isDynamic(given: SparkConf): boolean {
  return ['True', 'true'].includes(textOf(given, ENABLED) ?? '');
}

/** The rules the reference client has for a configuration; `at` is where it stands or should. */
export function checkConf(given: SparkConf, { at }: YamlNode, scope: Scope): void {
  const dynamic = isDynamic(given);
  const needed: readonly Known[] = [
    ...SIZES,
    ...(dynamic ? ([LEAST, MOST] as const) : ([INSTANCES] as const)),
  ];
  const missing = needed.filter((name) => !given.known.has(name));
  if (missing.length > 0) scope.refuse(at, `'conf' needs ${missing.join(', ')}.`);
  else if (dynamic) checkRange(given, at, scope);
  else if (given.known.has(LEAST) || given.known.has(MOST)) {
    scope.refuse(at, `'conf' has ${LEAST} or ${MOST}, which count only with ${ENABLED}: true.`);
  }
}

function checkRange(given: SparkConf, at: YamlNode['at'], scope: Scope): void {
  const [least, most, instances] = ([LEAST, MOST, INSTANCES] as const).map((name) =>
    Number(textOf(given, name)),
  );
  if (!(least! > 0 && least! <= most!)) {
    scope.refuse(at, `'conf' needs ${LEAST} above 0 and at most ${MOST}.`);
  } else if (instances! < least! || instances! > most!) {
    scope.refuse(at, `'conf' needs ${INSTANCES} between ${LEAST} and ${MOST}.`);
  }
}
