import { parseReference, storedAsset, type Places } from '../../engine/jobs/references/index.ts';
import { isObject, type Json } from '../../server/bodies.ts';

/** The model of a deployment: where its bytes are, and what kind it is. */
export interface BatchModel {
  readonly uri: string;
  readonly type: string;
}

/** How a deployment says which model it serves: by id, by a path in a datastore, or as what a job gave. */
export function modelAddress({ model }: Json): string | undefined {
  if (!isObject(model)) return undefined;
  const text = (member: string): string => (typeof model[member] === 'string' ? model[member] : '');
  const last = (id: string): string => id.split('/').at(-1) ?? '';
  switch (text('referenceType').toLowerCase()) {
    case 'datapath':
      return `azureml://datastores/${last(text('datastoreId'))}/paths/${text('path')}`;
    case 'outputpath':
      return `azureml://jobs/${last(text('jobId'))}/outputs/artifacts/paths/${text('path')}`;
    default:
      return text('assetId');
  }
}

/** The same, with a registered version followed to its bytes. */
export function modelOf(definition: Json, { assets }: Places): BatchModel | undefined {
  const address = modelAddress(definition);
  if (address === undefined) return undefined;
  const reference = parseReference(address, 'models');
  if (reference.kind !== 'asset') return { uri: address, type: 'custom_model' };
  const { uri, type } = storedAsset(reference, assets);
  return { uri, type: type?.toLowerCase() ?? 'custom_model' };
}
