import { AUTOML_VERSION } from '../../apiVersions.ts';
import type { JobKind } from '../../compilation.ts';
import type { YamlMap } from '../../document/node.ts';
import type { Scope } from '../../fields/scope.ts';
import { typeOf, type Family, type KindReader } from '../family.ts';
import { byType } from '../type.ts';
import { pipelineJob } from '../pipeline/job.ts';
import { autoMLJob } from '../automl/job.ts';
import { sparkJob } from '../spark/job.ts';
import { commandJob } from './command.ts';
import { sweepJob } from './sweep.ts';

const TYPES: Readonly<Record<string, JobKind>> = {
  command: 'commandJob',
  sweep: 'sweepJob',
  pipeline: 'pipelineJob',
  automl: 'autoMLJob',
  spark: 'sparkJob',
};
/** Types the reference client knows beside these, which are not offered. */
const OTHER_TYPES = ['import', 'data_transfer', 'finetuning', 'distillation'];
/** Members that only one type of job has, for files that do not say their type. */
const TELLING_KEYS: readonly (readonly [string, JobKind])[] = [
  ['command', 'commandJob'],
  ['trial', 'sweepJob'],
  ['jobs', 'pipelineJob'],
  ['component', 'pipelineJob'],
  ['entry', 'sparkJob'],
  ['training_data', 'autoMLJob'],
];

export const jobs: Family<'job'> = {
  noun: 'a job',
  choose(root, scope) {
    if (typeOf(root) === undefined && !root.entries.has('type'))
      return TELLING_KEYS.find(([key]) => root.entries.has(key))?.[1] ?? 'commandJob';
    return byType(root, scope, { what: 'job', types: TYPES, others: OTHER_TYPES });
  },
  readers: {
    commandJob: submitted(commandJob),
    sweepJob: submitted(sweepJob),
    pipelineJob: submitted(pipelineJob),
    autoMLJob: submitted(autoMLJob, AUTOML_VERSION),
    sparkJob: submitted(sparkJob),
  },
};

interface JobReading {
  readonly name: string | undefined;
  readonly properties: Extract<ReturnType<KindReader>, object>['body'];
}

/** A job is sent as its properties alone. */
function submitted(
  read: (root: YamlMap, scope: Scope) => JobReading | undefined,
  apiVersion?: string,
): KindReader {
  return (root, scope) => {
    const job = read(root, scope);
    const body = job && { properties: job.properties };
    return body && { name: job.name, body, ...(apiVersion && { apiVersion }) };
  };
}
