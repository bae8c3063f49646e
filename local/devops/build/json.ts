import type { ArtifactView, BuildView, TimelineView } from '../builds.ts';
import { identityJson } from '../identity.ts';

/** What a build looks like on the wire; unset members are left out, as the service does. */
export function buildJson(
  build: BuildView,
  project: { readonly id: string; readonly name: string },
  base: string,
): object {
  return {
    _links: { self: { href: `${base}/${build.id}` }, timeline: { href: `${base}/${build.id}/Timeline` } },
    id: build.id,
    buildNumber: build.number,
    status: build.status,
    result: build.result,
    queueTime: build.queueTime,
    startTime: build.startTime,
    finishTime: build.finishTime,
    url: `${base}/${build.id}`,
    definition: { ...build.definition, type: 'build', project },
    project,
    uri: `vstfs:///Build/Build/${build.id}`,
    sourceBranch: build.sourceBranch,
    sourceVersion: build.sourceVersion,
    reason: 'manual',
    requestedFor: identityJson(build.requestedFor),
    requestedBy: identityJson(build.requestedFor),
    tags: build.tags,
    plans: [{ planId: build.planId }],
    orchestrationPlan: { planId: build.planId },
  };
}

export function timelineJson(build: BuildView, base: string): object {
  const logs = logsOf(build);
  return {
    records: build.records.map((record) => recordJson(record, build, logs, base)),
    id: build.planId,
    changeId: build.records.length,
    lastChangedOn: lastChange(build),
    url: `${base}/${build.id}/Timeline/${build.planId}`,
  };
}

function recordJson(record: TimelineView, build: BuildView, logs: readonly string[], base: string): object {
  return {
    previousAttempts: [],
    id: record.id,
    parentId: record.parentId,
    type: record.type,
    name: record.name,
    refName: record.refName,
    identifier: record.identifier,
    startTime: record.startTime,
    finishTime: record.finishTime,
    currentOperation: record.currentOperation,
    percentComplete: record.percentComplete,
    state: record.state,
    result: record.result,
    resultCode: undefined,
    changeId: 1,
    lastModified: record.finishTime ?? record.startTime ?? build.queueTime,
    workerName: record.workerName,
    order: record.order,
    errorCount: record.errorCount,
    warningCount: record.warningCount,
    log: record.log && logJson(build, logs.indexOf(record.log) + 1, base),
    task: record.task,
    attempt: record.attempt,
    issues: record.issues.length > 0 ? record.issues : undefined,
  };
}

/** The files of all logs; a log's id is its place in this list, from 1. */
export function logsOf(build: BuildView): string[] {
  return build.records.flatMap((record) => record.log ?? []);
}

export function logJson(build: BuildView, id: number, base: string): object {
  return { id, type: 'Container', url: `${base}/${build.id}/logs/${id}` };
}

interface ArtifactJson {
  readonly id: number;
  readonly name: string;
  readonly resource: object;
}

export function artifactJson({ id, name, type, location }: ArtifactView): ArtifactJson {
  return { id, name, resource: { type, data: location, properties: {} } };
}

function lastChange(build: BuildView): string {
  const times = build.records.flatMap((record) => record.finishTime ?? record.startTime ?? []);
  return times.sort().at(-1) ?? build.queueTime;
}
