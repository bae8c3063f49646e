import { Reference, type Draft } from '../compilation.ts';
import { text } from '../fields/basic.ts';
import { mapped, type Field } from '../fields/field.ts';
import { named } from './ids.ts';

export const LOCAL_COMPUTE = 'local';

/** The compute a job or step runs on: a name with or without `azureml:`, an ARM id, or `local`. */
export const compute: Field<Draft> = mapped(text, (name, node) =>
  name.toLowerCase() === LOCAL_COMPUTE ? LOCAL_COMPUTE : named(name, 'computes', node),
);

/** In a pipeline's `default_compute`, `serverless` may stand without `azureml:`. */
export const defaultCompute: Field<Draft> = mapped(text, (name, node, scope) => {
  if (name.toLowerCase() === 'serverless') return named('serverless', 'computes', node);
  const reference = named(name, 'computes', node);
  if (!name.startsWith('azureml:') && reference instanceof Reference) {
    return scope.refuse(
      node.at,
      `${scope.subject()} must be 'serverless' or azureml:<compute>, not '${name}'.`,
    );
  }
  return reference;
});
