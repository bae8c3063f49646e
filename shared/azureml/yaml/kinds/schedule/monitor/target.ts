import type { ProblemPlace } from '../../../../../problem/index.ts';
import { Reference, type Draft, type DraftMap } from '../../../compilation.ts';
import { draft } from '../../../draft.ts';
import { oneOf, text } from '../../../fields/basic.ts';
import { record } from '../../../fields/collections.ts';
import { mapped, type Field } from '../../../fields/field.ts';
import { versioned } from '../../../references/ids.ts';

const TASKS = {
  classification: 'Classification',
  regression: 'Regression',
  questionanswering: 'QuestionAnswering',
} as const;
const DEPLOYMENT_ID = /\/onlineEndpoints\/([^/]+)\/deployments\/([^/]+)$/i;

/** The deployment whose data is looked at. */
export interface Deployment {
  readonly endpoint: string;
  readonly deployment: string;
  readonly id: Draft;
  readonly place: ProblemPlace;
}

const deployment: Field<Deployment> = mapped(text, (given, node, scope) => {
  const id = given.startsWith('azureml:') ? given.slice('azureml:'.length) : given;
  const [, armEndpoint, armName] = DEPLOYMENT_ID.exec(id) ?? [];
  if (armEndpoint && armName) return { endpoint: armEndpoint, deployment: armName, id, place: node.at };
  const [endpoint, name, ...more] = id.split(':');
  if (!endpoint || !name || more.length > 0) {
    return scope.refuse(
      node.at,
      `${scope.subject()} must be azureml:<endpoint>:<deployment> or an ARM id, not '${given}'.`,
    );
  }
  const path = `onlineEndpoints/${endpoint}/deployments/${name}`;
  const reference = new Reference({ kind: 'inWorkspace', path }, node.at);
  return { endpoint, deployment: name, id: reference, place: node.at };
});

const modelId: Field<Draft> = mapped(text, (id, node, scope) =>
  id.startsWith('azureml:')
    ? versioned(id, 'models', node, scope)
    : scope.refuse(node.at, `${scope.subject()} must be azureml:<name>:<version>, not '${id}'.`),
);

/** What a monitor watches. */
export interface MonitoringTarget {
  readonly deployment: Deployment | undefined;
  readonly isQuestionAnswering: boolean;
  readonly body: DraftMap;
}

export const monitoringTarget: Field<MonitoringTarget> = mapped(
  record({
    ml_task: oneOf(['classification', 'regression', 'questionanswering']),
    endpoint_deployment_id: deployment,
    model_id: modelId,
  }),
  (read) => ({
    deployment: read.endpoint_deployment_id,
    isQuestionAnswering: read.ml_task === 'questionanswering',
    body: draft({
      taskType: TASKS[read.ml_task ?? 'classification'],
      deploymentId: read.endpoint_deployment_id?.id,
      modelId: read.model_id,
    }),
  }),
);
