import { Problem } from '../../problem/index.ts';
import { isDraftMap } from '../yaml/draft.ts';
import { Reference, type Compilation, type Draft } from '../yaml/index.ts';
import { sideBySide } from './concurrency.ts';
import { sendingContext, type SendingContext } from './context.ts';
import type { AbortOption, AssetServices } from './services.ts';

const NOUNS = {
  codes: 'code',
  components: 'component',
  computes: 'compute',
  data: 'data asset',
  datastores: 'datastore',
  environments: 'environment',
  jobs: 'job',
  models: 'model',
};
const AT_ONCE = 8;

/**
 * What a compilation names that the workspace does not have, each with its place in the file. Asked only once the
 * service has refused a request: its own answer rarely says which name it means.
 */
export async function findMissing(
  compilation: Compilation,
  services: AssetServices,
  options: AbortOption = {},
): Promise<Problem[]> {
  const context = sendingContext(services, options);
  const bodies = compilation.assets.flatMap((asset) => (asset.kind === 'version' ? [asset.body] : []));
  const references = [compilation.body, ...bodies].flatMap(referencesIn);
  const distinct = new Map(references.map((reference) => [JSON.stringify(reference.target), reference]));
  const missing: Problem[] = [];
  await sideBySide([...distinct.values()], AT_ONCE, async (reference) => {
    const problem = await check(reference, context);
    if (problem) missing.push(problem);
  });
  return missing;
}

function referencesIn(value: Draft): Reference[] {
  if (value instanceof Reference) return [value];
  if (Array.isArray(value)) return value.flatMap((item: Draft) => referencesIn(item));
  return isDraftMap(value) ? Object.values(value).flatMap(referencesIn) : [];
}

async function check({ target, place }: Reference, context: SendingContext): Promise<Problem | undefined> {
  if (target.kind !== 'named' && target.kind !== 'version') return undefined;
  // Serverless is a word the service takes for a compute.
  if (target.type === 'computes' && target.name.toLowerCase() === 'serverless') return undefined;
  const version = target.kind === 'version' ? `/versions/${target.version}` : '';
  const found = await context.services.arm.get(`${target.type}/${target.name}${version}`, context.call());
  if (found !== undefined) return undefined;
  const label = target.kind === 'version' ? `${target.name}:${target.version}` : target.name;
  return new Problem({
    code: 'not-found',
    message: `There is no ${NOUNS[target.type]} '${label}' in the workspace.`,
    next: 'Check the name, the version and the workspace.',
    place,
  });
}
