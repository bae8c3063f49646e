import { Problem } from '../../problem/index.ts';
import type { Reference, VersionedType } from '../yaml/index.ts';
import { itemsOf, textAt } from './answers.ts';
import { resolveCollected } from './collected.ts';
import type { SendingContext } from './context.ts';
import { longAddress } from './localPath.ts';

/** The id, address or region that a reference to something outside the file stands for. */
export async function resolveReference(
  { target, place }: Reference,
  context: SendingContext,
): Promise<string> {
  const { workspaceId, arm } = context.services;
  switch (target.kind) {
    case 'named':
      return `${workspaceId}/${target.type}/${target.name}`;
    case 'version':
      return `${workspaceId}/${target.type}/${target.name}/versions/${target.version}`;
    case 'label':
      return resolveLabel(target, place, context);
    case 'location':
      return textAt(await arm.get('', context.call()), 'location');
    case 'inGroup':
      return `${workspaceId.split('/').slice(0, 5).join('/')}/providers/${target.path}`;
    case 'inWorkspace':
      return `${workspaceId}/${target.path}`;
    case 'collected':
      return resolveCollected(target, place, context);
    case 'datastorePath':
      return `${longAddress(workspaceId, target.datastore)}/${target.path}`;
    case 'local':
      throw new Problem({ code: 'internal', message: 'A local asset was not sent.', place });
  }
}

interface Label {
  readonly type: VersionedType;
  readonly name: string;
  readonly label: string;
}

const NOUNS = {
  codes: 'code',
  components: 'component',
  data: 'data asset',
  environments: 'environment',
  models: 'model',
};

/** `@latest` is the version created last, whatever its number; `@default` of a component is the service's own word. */
async function resolveLabel(
  { type, name, label }: Label,
  place: Reference['place'],
  context: SendingContext,
): Promise<string> {
  const { workspaceId, arm } = context.services;
  if (type === 'components' && label === 'default') return `${workspaceId}/components/${name}/labels/default`;
  if (label !== 'latest') {
    throw new Problem({
      code: 'input',
      message: `The label '${label}' of the ${NOUNS[type]} '${name}' is not known.`,
      next: `Write azureml:${name}@latest or azureml:${name}:<version>.`,
      place,
    });
  }
  const query = { $orderBy: 'createdtime desc', $top: '1' };
  const [latest] = itemsOf(await arm.get(`${type}/${name}/versions`, context.call(query)));
  if (latest === undefined) throw missing(type, name, place);
  return textAt(latest, 'id');
}

function missing(type: VersionedType, name: string, place: Reference['place']): Problem {
  return new Problem({
    code: 'not-found',
    message: `There is no ${NOUNS[type]} '${name}' in the workspace.`,
    next: 'Check the name and the workspace.',
    place,
  });
}
