import { Problem } from '../../../../../shared/problem/index.ts';
import type { EnvironmentRequest } from '../../environments/index.ts';
import type { Assets } from './assets.ts';
import { nameOf, placeOf } from './locate.ts';
import { parseReference } from './reference.ts';

/** Azure's own registry, whose environments are known here by name. */
const CURATED_REGISTRY = 'azureml';

/** What a job's `environmentId` asks for: a registered environment, or a curated one by name. */
export function environmentRequestOf(environmentId: string, assets: Assets): EnvironmentRequest {
  const reference = parseReference(environmentId, 'environments');
  if (reference.kind !== 'asset') throw unknown(`'${environmentId}' was not found in the workspace`);
  if (reference.registry === CURATED_REGISTRY) return { name: reference.name };
  const found = assets.environment(reference);
  if (found?.fromDockerfile) throw fromDockerfile(nameOf(reference));
  if (found) return found;
  if (reference.registry === undefined && /^AzureML-/i.test(reference.name)) return { name: reference.name };
  throw unknown(placeOf(reference));
}

function unknown(place: string): Problem {
  return new Problem({
    code: 'not-found',
    message: `The environment ${place}.`,
    next: 'Register it, or give image and conda_file in the job.',
  });
}

function fromDockerfile(name: string): Problem {
  return new Problem({
    code: 'unsupported',
    message: `Image build failed: the environment '${name}' is built from a Dockerfile, and containers are not built on this machine.`,
    next: 'Use an image of mcr.microsoft.com/azureml with a conda file, or run the job on Azure.',
  });
}
