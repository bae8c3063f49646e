import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { AzureML } from '../azureml/index.ts';
import type { ModelReference } from '../evidence/index.ts';
import { shownPath, type TaskLog } from '../pipelines/index.ts';
import { messageOf } from '../problem/index.ts';
import type { RolloutWish } from '../rollout/endpointState.ts';
import type { SmokeTest } from '../rollout/smoke/smokeTest.ts';
import { findDeployEvidence, type DeployEvidence } from './deployEvidence.ts';
import { compileSource, type DeploymentSource } from './deploymentSource.ts';
import { isOutOfReach } from './deployRecord.ts';
import type { RequiredEvidence } from './deployRequirements.ts';
import { createRequest, type DeployRequest } from './rollout/request.ts';
import { createUploadLog } from './uploadLog.ts';

/** What a plan and a deploy are asked for. */
export interface DeployAsked {
  readonly endpointName: string | undefined;
  readonly deploymentName: string | undefined;
  readonly source: DeploymentSource;
  readonly wish: RolloutWish;
  readonly smokeTestFile: string | undefined;
  readonly evidence: RequiredEvidence;
}

/** Files and inputs read, model and evidence found; nothing is sent yet. */
export interface PreparedDeploy {
  readonly endpointName: string;
  readonly request: DeployRequest;
  readonly smokeTest: SmokeTest | undefined;
  readonly evidence: DeployEvidence | undefined;
}

interface Context {
  readonly client: AzureML;
  readonly log: TaskLog;
  readonly abortSignal: AbortSignal;
}

export async function prepareDeploy(asked: DeployAsked, context: Context): Promise<PreparedDeploy> {
  const { client, log, abortSignal } = context;
  const { smokeTestFile } = asked;
  // First what takes longest on the wire; reading the smoke test loads JSON Schema and JSONPath.
  await client.signIn({ abortSignal });
  const smokeTest = smokeTestFile === undefined ? undefined : await readSmokeTestFile(smokeTestFile);
  const compiled = await compileSource(client, asked.source, asked, { abortSignal });
  for (const { message, place } of compiled.warnings)
    log.warning(
      [place.file, place.line, place.column, ` ${message}`].filter((part) => part !== undefined).join(':'),
    );
  const request = await createRequest({
    ...compiled,
    client,
    wish: asked.wish,
    smokeTestHash: smokeTest?.hash,
    onProgress: createUploadLog(log),
    abortSignal,
  });
  const evidence = compiled.model && (await findEvidence(asked, compiled.model, context));
  return { endpointName: compiled.endpointName, request, smokeTest, evidence };
}

/** Where no evidence is required, storage that is out of reach stops nothing. */
async function findEvidence(
  { evidence }: DeployAsked,
  model: ModelReference,
  { client, log, abortSignal }: Context,
): Promise<DeployEvidence | undefined> {
  try {
    return await findDeployEvidence(client, model, { abortSignal });
  } catch (error) {
    if (evidence.level !== 'none' || !isOutOfReach(error)) throw error;
    log.warning(`The evidence of the model cannot be read, so nothing is added to it: ${messageOf(error)}`);
    return undefined;
  }
}

/** JSON Schema and JSONPath are loaded only where there is a smoke test. */
async function readSmokeTestFile(file: string): Promise<SmokeTest> {
  const { readSmokeTest } = await import('../rollout/smoke/read.ts');
  const folder = path.dirname(file);
  return readSmokeTest(readFileSync(file, 'utf8'), {
    file: shownPath(file),
    readNeighbour: (neighbour) => readFileSync(path.resolve(folder, neighbour)),
  });
}
