import { publishedWords } from '../armSchema.ts';
import { isMap, type JsonMap } from './json.ts';

/*
 * The reference client sends each resource with an api-version of its own, often a preview; ours sends all with one
 * stable one. Where the two spell the same thing differently, both are brought into one form here; docs/yaml-files.md
 * lists these.
 */

/** Words of previews that no published schema at hand lists. */
const PREVIEW_WORDS = [
  'QuestionAnswering',
  'GenerationSafetyQuality',
  'GenerationTokenStatistics',
  'ModelPerformance',
];
/** Words of the service in their published spelling: it takes them in any case, and its api-versions differ. */
const WORDS = new Map([...publishedWords(), ...PREVIEW_WORDS].map((word) => [word.toLowerCase(), word]));

export function ofAnyApiVersion(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body), (key, value: unknown) => {
    if (key === 'hash_version') return String(value);
    if (TEXT_MAPS.has(key) && isMap(value)) return texts(value);
    if ((key === 'cron' || key === 'recurrence') && isMap(value)) return withoutType(value);
    if (key === 'deploymentConfiguration' && isMap(value)) return withTextSettings(value);
    return typeof value === 'string' ? (WORDS.get(value.toLowerCase()) ?? value) : value;
  });
}

/** Members that the API keeps as text by name, and where null says as much as nothing. */
const TEXT_MAPS = new Set(['environmentVariables', 'tags', 'metadata']);

/** Older versions repeat the type of a compute's schedule within its trigger. */
function withoutType({ triggerType: _, ...trigger }: JsonMap): JsonMap {
  return trigger;
}

function withTextSettings(map: JsonMap): JsonMap {
  return isMap(map['settings']) ? { ...map, settings: texts(map['settings']) } : map;
}

/** The API keeps these as text; the reference client passes on numbers that were written without quotes. */
function texts(map: JsonMap): JsonMap {
  const said = Object.entries(map).filter(([, value]) => value !== null);
  return Object.fromEntries(said.map(([key, value]) => [key, textOf(value)]));
}

function textOf(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value.replace(/^(-?\d+)\.0$/, '$1') : value;
}
