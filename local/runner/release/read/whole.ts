import type { Findings } from '../../read/findings.ts';
import type { Json } from './json.ts';

/** The definition in a file: the file itself, or the only one of a list, as clients save the answers of the REST API. */
export function definitionIn(json: Json, findings: Findings): Json {
  if (hasStages(json)) return json;
  const list = Array.isArray(json.value) ? json : json.get('value');
  if (!Array.isArray(list.value)) return refuse(json, findings);
  const whole = list.items().filter(hasStages);
  if (whole.length === 0) return refuse(json, findings);
  if (whole.length === 1 && whole[0]) return whole[0];
  const names = whole.map((one) => `'${one.get('name').text()}'`);
  const next = 'Keep the one to run in a file of its own.';
  findings.wrong(list.place, `The file holds ${whole.length} definitions: ${names.join(', ')}.`, next);
  return json;
}

function hasStages(json: Json): boolean {
  const stages: unknown = Object(json.value).environments;
  return Array.isArray(stages) && stages.length > 0;
}

function refuse(json: Json, findings: Findings): Json {
  const [message, next] = isBuild(json)
    ? [
        'This is the definition of a build, not of a release.',
        'Run the YAML of the build, or export a release.',
      ]
    : [
        'There are no stages: this is no exported release definition.',
        'Export the definition, or get it by its id: lists leave the stages out.',
      ];
  findings.wrong(json.place, message, next);
  return json;
}

/** Builds name how they are made. */
function isBuild(json: Json): boolean {
  return ['process', 'build', 'repository'].filter((name) => Object(json.value)[name]).length > 1;
}
