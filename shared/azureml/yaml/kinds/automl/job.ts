import type { Draft } from '../../compilation.ts';
import type { YamlMap, YamlNode } from '../../document/node.ts';
import { draft, mapValues } from '../../draft.ts';
import { oneOf, text } from '../../fields/basic.ts';
import { mapOf, members } from '../../fields/collections.ts';
import type { Scope } from '../../fields/scope.ts';
import { LOCAL_COMPUTE } from '../../references/compute.ts';
import { baseShape, READ_ONLY, restBase } from '../job/base.ts';
import type { JobReading } from '../job/command.ts';
import { jobOutput, restOutput } from '../job/outputs.ts';
import { written, writtenResources, writtenServices } from './written.ts';
import { chooseTask } from './choose.ts';
import { restSettings, shapeOf } from './setting.ts';

/** Members of the job around its task. */
const shape = {
  ...baseShape,
  ...written,
  type: oneOf(['automl'], { exactCase: true }),
  task: text,
  environment_id: text,
  environment_variables: mapOf(text),
  outputs: mapOf(jobOutput),
};

/** An AutoML job's file as the `properties` of its request. */
export function autoMLJob(node: YamlNode, outer: Scope): JobReading | undefined {
  const chosen = node.kind === 'map' ? chooseTask(node, outer) : undefined;
  if (!chosen || node.kind !== 'map') return undefined;
  const { task, scope } = chosen;
  const settings = shapeOf(task.settings, 'job');
  const read = members(node, scope, { ...shape, ...settings }, { ignored: READ_ONLY });
  if (!read) return undefined;
  refuseLocal(node, read.compute, scope);
  const given = Object.fromEntries(
    Object.keys(settings).map((key) => [key, (read as Record<string, Draft | undefined>)[key]]),
  );
  const properties = draft({
    jobType: 'AutoML',
    ...restBase({ ...read, services: undefined }),
    services: read.services && writtenServices(read.services),
    computeId: read.compute,
    environmentId: read.environment_id,
    environmentVariables: read.environment_variables,
    resources: read.resources && writtenResources(read.resources),
    queueSettings: read.queue_settings,
    outputs: mapValues(read.outputs ?? {}, (output) => ({
      ...restOutput(output),
      jobOutputType: 'uri_folder',
    })),
    taskDetails: {
      taskType: task.restName,
      ...restSettings({ ...task.usual.job, ...draft(given) }, task.settings),
    },
  });
  return { name: read.name, properties };
}

function refuseLocal(node: YamlMap, compute: Draft | undefined, scope: Scope): void {
  if (compute !== LOCAL_COMPUTE) return;
  scope.refuse(
    node.entries.get('compute')?.value.at ?? node.at,
    "AutoML does not run on the compute 'local'.",
  );
}
