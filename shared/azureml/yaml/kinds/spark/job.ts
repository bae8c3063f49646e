import type { YamlNode } from '../../document/node.ts';
import { draft } from '../../draft.ts';
import { oneOf } from '../../fields/basic.ts';
import { mapOf, members } from '../../fields/collections.ts';
import type { Scope } from '../../fields/scope.ts';
import { code } from '../../references/code.ts';
import { baseShape, READ_ONLY, restBase } from '../job/base.ts';
import type { JobReading } from '../job/command.ts';
import { jobInput, jobInputs } from '../job/inputs.ts';
import { jobOutput, jobOutputs } from '../job/outputs.ts';
import { checkConf, confText, NO_CONF, startedConf } from './conf.ts';
import { checkDirect } from './direct.ts';
import { checkPlacement, identityOf, sparkResources } from './placement.ts';
import { checkArguments, checkEntry, sparkShape } from './settings.ts';

const shape = {
  ...baseShape,
  ...sparkShape,
  code,
  type: oneOf(['spark'], { exactCase: true }),
  inputs: mapOf(jobInput),
  outputs: mapOf(jobOutput),
  resources: sparkResources,
};

/** A Spark job's file as the `properties` of its request. Its own properties and services are not sent. */
export function sparkJob(node: YamlNode, scope: Scope): JobReading | undefined {
  const read = members(node, scope, shape, { ignored: READ_ONLY });
  if (!read || node.kind !== 'map') return undefined;
  const [given, outputs] = [read.inputs ?? {}, read.outputs ?? {}];
  const inputs = jobInputs(given, node.entries.get('inputs')?.value, scope);
  const conf = startedConf(read.conf ?? NO_CONF);
  checkPlacement(read, node, scope);
  checkConf(conf, node.entries.get('conf')?.value ?? node, scope);
  checkEntry(read.entry, { code: read.code, node, scope });
  checkDirect({ inputs: given, outputs }, { node, scope });
  checkArguments(read.args, Object.keys(inputs), { node, scope });
  const properties = draft({
    jobType: 'Spark',
    ...restBase({ ...read, properties: undefined, services: undefined }),
    computeId: read.compute,
    codeId: read.code,
    entry: read.entry && { sparkJobEntryType: 'SparkJobPythonEntry', file: read.entry.name },
    pyFiles: read.py_files,
    jars: read.jars,
    files: read.files,
    archives: read.archives,
    conf: confText(conf),
    args: read.args,
    environmentId: read.environment ?? undefined,
    identity: identityOf(read.identity, read.compute),
    resources: read.resources && {
      instanceType: read.resources['instance_type'] ?? null,
      runtimeVersion: read.resources['runtime_version'] ?? null,
    },
    inputs,
    outputs: jobOutputs(outputs, node.entries.get('outputs')?.value, scope),
  });
  return { name: read.name, properties };
}
