import { isObject, type Json } from '../../server/bodies.ts';
import type { RunDocument } from '../jobs/records/run.ts';
import { newEvent, type WorkspaceEvent } from './event.ts';

/** What is told of a new model version. Members are spelled as in the samples Azure publishes, which differ from its SDKs' types. */
export function modelRegistered(model: {
  readonly name: string;
  readonly version: string;
  readonly createdAt: string;
  readonly properties: Json;
}): WorkspaceEvent {
  const { name, version, createdAt, properties } = model;
  return newEvent('ModelRegistered', {
    subject: `models/${name}:${version}`,
    time: createdAt,
    data: {
      ModelName: name,
      // A number where it is one, as in the samples.
      ModelVersion: /^[1-9]\d{0,14}$/.test(version) ? Number(version) : version,
      ModelTags: mapIn(properties['tags']),
      ModelProperties: mapIn(properties['properties']),
    },
  });
}

/** What is told of a deployment that has come to serve. `models`: `name:version` each. */
export function modelDeployed(deployed: {
  readonly endpoint: string;
  readonly computeType: string;
  readonly models: readonly string[];
  readonly tags: Json;
  readonly properties: Json;
  readonly time: string;
}): WorkspaceEvent {
  return newEvent('ModelDeployed', {
    subject: `endpoints/${deployed.endpoint}`,
    time: deployed.time,
    data: {
      ServiceName: deployed.endpoint,
      ServiceComputeType: deployed.computeType,
      ModelIds: deployed.models.join(','),
      ServiceTags: deployed.tags,
      ServiceProperties: deployed.properties,
    },
  });
}

/** What is told of a run that has moved on; one that completed is told of twice, as Azure has a type of its own for it. */
export function runMoved(run: RunDocument): readonly WorkspaceEvent[] {
  const about = { subject: `experiments/${run.experimentId}/runs/${run.runId}`, time: run.lastModifiedUtc };
  const data = {
    experimentId: run.experimentId,
    experimentName: run.experimentName,
    runId: run.runId,
    runType: run.runType ?? '',
    runTags: run.tags,
    runProperties: run.properties,
  };
  const changed = newEvent('RunStatusChanged', {
    ...about,
    data: { ...data, runStatus: run.status.toLowerCase() },
  });
  return run.status === 'Completed' ? [changed, newEvent('RunCompleted', { ...about, data })] : [changed];
}

function mapIn(value: unknown): Json {
  return isObject(value) ? value : {};
}
