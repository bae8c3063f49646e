import { Reference, type Draft, type DraftMap } from '../../compilation.ts';
import type { YamlMap } from '../../document/node.ts';
import { draft } from '../../draft.ts';
import { anyText, text } from '../../fields/basic.ts';
import { mapOf, members } from '../../fields/collections.ts';
import { mapped } from '../../fields/field.ts';
import type { Scope } from '../../fields/scope.ts';
import { nodeOutput } from '../job/outputs.ts';
import { identity } from '../job/settings.ts';
import { stepOutput } from '../pipeline/step.ts';
import { snakeCased, stepCompute } from '../pipeline/stepSettings.ts';
import { chooseTask } from './choose.ts';
import { shapeOf } from './setting.ts';
import { written } from './written.ts';

/** The compute of an AutoML step is sent as the file names it: with `azureml:` in front. */
const compute = mapped(stepCompute, (id) =>
  id instanceof Reference ? new Reference(id.target, id.place, 'azureml:') : id,
);

const shape = {
  ...written,
  type: text,
  task: text,
  name: text,
  display_name: text,
  description: text,
  experiment_name: text,
  tags: mapOf(text),
  properties: mapOf(anyText),
  compute,
  identity,
  environment_id: text,
  environment_variables: mapOf(text),
  outputs: mapOf(stepOutput),
};
const IGNORED = ['$schema', 'id', 'status', 'creation_context'];

/** A step that runs AutoML: no component is made of it, the task goes along in the file's own words. */
export function autoMLStep(name: string, node: YamlMap, outer: Scope): DraftMap | undefined {
  const chosen = chooseTask(node, outer);
  if (!chosen) return undefined;
  const { task, scope } = chosen;
  const settings = shapeOf(task.settings, 'step');
  const read = members(node, scope, { ...shape, ...settings }, { ignored: IGNORED });
  if (!read) return undefined;
  const outputs = Object.entries(read.outputs ?? {}).flatMap(([key, output]) =>
    output === null ? [] : [[key, nodeOutput(output)] as const],
  );
  return {
    ...task.usual.step,
    ...draft({ ...(read as Record<string, Draft | undefined>) }),
    type: 'automl',
    name,
    tags: read.tags ?? {},
    properties: read.properties ?? {},
    ...(read.identity ? { identity: identityWords(read.identity) } : {}),
    outputs: Object.fromEntries(outputs),
  };
}

const IDENTITIES: Readonly<Record<string, string>> = {
  Managed: 'managed_identity',
  AMLToken: 'aml_token',
  UserIdentity: 'user_identity',
};

/** An identity in the file's words. */
function identityWords(rest: DraftMap): DraftMap {
  const { identityType, ...ids } = rest;
  return { type: IDENTITIES[String(identityType)] ?? null, ...snakeCased(ids) };
}
