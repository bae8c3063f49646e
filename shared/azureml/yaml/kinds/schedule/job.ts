import type { DraftMap } from '../../compilation.ts';
import type { YamlEntry, YamlMap, YamlNode } from '../../document/node.ts';
import { readYamlFile } from '../../document/read.ts';
import { nearest } from '../../fields/nearest.ts';
import { members } from '../../fields/collections.ts';
import { required, type Field } from '../../fields/field.ts';
import { reportFrom } from '../../fields/report.ts';
import type { Scope } from '../../fields/scope.ts';
import { existingPath } from '../../references/paths.ts';
import type { KindReader } from '../family.ts';
import { pages } from '../pages.ts';
import { pipelineJob } from '../pipeline/job.ts';
import { SCHEDULE_IGNORED, scheduleOf, scheduleShape } from './base.ts';

/** Members that may be set beside `job`, over what the job's own file says. */
const CHANGEABLE = [
  ...['type', 'job', 'name', 'display_name', 'description', 'tags', 'properties', 'experiment_name'],
  ...['compute', 'identity', 'services', 'inputs', 'outputs', 'settings'],
];
const IGNORED = ['$schema', 'id', 'status', 'creation_context', 'log_files'];

/** A pipeline to run: a job's file, an earlier job, or either with some of its members changed. */
const scheduledJob: Field<DraftMap> = {
  expected: 'the path of a job file, azureml:<job>, or a mapping with job',
  read(node, scope) {
    if (node.kind === 'map') return changedJob(node, scope);
    if (node.kind !== 'scalar' || node.type !== 'str') return scope.unexpected(node, this.expected);
    const source = sourceJob(node.value);
    if (source !== undefined)
      return { jobType: 'Pipeline', isArchived: false, experimentName: '', sourceJobId: source };
    return jobOfFile(node, scope);
  },
};

function sourceJob(text: string): string | undefined {
  return text.startsWith('azureml:') ? text.slice('azureml:'.length) : undefined;
}

function changedJob(node: YamlMap, scope: Scope): DraftMap | undefined {
  const job = node.entries.get('job')?.value;
  if (!job) return scope.refuse(node.at, `${scope.subject()} needs 'job'.`);
  for (const [name, { key }] of node.entries) {
    if (CHANGEABLE.includes(name) || IGNORED.includes(name)) continue;
    const guess = nearest(name, CHANGEABLE);
    const hint = guess === undefined ? '' : ` Did you mean '${guess}'?`;
    scope.refuse(key.at, `'${name}' cannot be set for a scheduled job.${hint}`);
  }
  if (job.kind !== 'scalar' || job.type !== 'str')
    return scope.member('job').unexpected(job, 'the path of a job file, or azureml:<job>');
  const changes = without(node, 'job');
  const source = sourceJob(job.value);
  if (source === undefined) return jobOfFile(job, scope.member('job'), changes);
  if (!node.entries.has('type'))
    return scope.refuse(
      node.at,
      `${scope.subject()} needs 'type: pipeline' where members of an earlier job change.`,
    );
  const read = definitionOf(changes, scope);
  return read && { ...read, sourceJobId: source };
}

/** The job of a file; its relative paths, and those of changes to it, start from its folder. */
function jobOfFile(
  node: YamlNode & { kind: 'scalar' },
  scope: Scope,
  changes?: YamlMap,
): DraftMap | undefined {
  if (node.text.startsWith('file:'))
    return scope.refuse(node.at, `${scope.subject()} takes a path without 'file:' in front.`);
  const file = existingPath(node.text, node, scope, 'file');
  const document = file === undefined ? undefined : reportFrom(scope, () => readYamlFile(file));
  if (!document) return undefined;
  scope.settings.findings.warnings.push(...document.warnings);
  const inner = scope.elsewhere({ folder: document.folder, page: pages.pipelineJob });
  if (document.root.kind !== 'map') return inner.unexpected(document.root, 'a job');
  return definitionOf(changes ? merged(document.root, changes) : document.root, inner);
}

function definitionOf(node: YamlMap, scope: Scope): DraftMap | undefined {
  const type = node.entries.get('type')?.value;
  const word = type?.kind === 'scalar' ? type.text.toLowerCase() : 'command';
  if (word !== 'pipeline' && !node.entries.has('jobs'))
    return scope.unsupported(type?.at ?? node.at, `A schedule runs pipelines; this is a ${word} job.`);
  return pipelineJob(node, scope)?.properties;
}

function without(node: YamlMap, key: string): YamlMap {
  return { ...node, entries: new Map([...node.entries].filter(([name]) => name !== key)) };
}

/** A mapping with another's members over its own, mapping by mapping. */
function merged(origin: YamlMap, changes: YamlMap): YamlMap {
  const entries = new Map<string, YamlEntry>(origin.entries);
  for (const [name, change] of changes.entries) {
    const before = entries.get(name)?.value;
    const { key, value } = change;
    const isDeep = before?.kind === 'map' && value.kind === 'map';
    entries.set(name, isDeep ? { key, value: merged(before, value) } : change);
  }
  return { ...origin, entries };
}

/** A schedule that runs a pipeline. */
export const jobSchedule: KindReader = (node, scope) => {
  const shape = { ...scheduleShape, create_job: required(scheduledJob) };
  const read = members(node, scope, shape, { ignored: SCHEDULE_IGNORED });
  return read && scheduleOf(read, { actionType: 'CreateJob', jobDefinition: read.create_job ?? {} });
};
