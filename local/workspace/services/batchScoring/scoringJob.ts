import type { Json } from '../../server/bodies.ts';
import { userError } from '../../server/failures.ts';
import type { StoredDeployment } from '../batchEndpoints/documents.ts';
import type { Invocation } from './readInvocation.ts';

/** Azure's names for the one step of a model deployment's job, and for what it gives. */
const STEP = 'batchscoring';
const OUTPUT = 'score';

/** The pipeline of one parallel step that scores files with the deployment's model. */
export function scoringJob(deployment: StoredDeployment, invocation: Invocation): Json {
  const { definition, step } = deployment;
  if (!step) throw userError(`The deployment '${deployment.name}' failed while it was provisioned.`);
  const [name, input] = oneInput(invocation);
  const output = oneOutput(invocation);
  const { overrides } = invocation;
  const node = {
    name: STEP,
    type: 'parallel',
    componentId: step.componentId,
    computeId: definition['compute'],
    mini_batch_size: overrides.miniBatchSize ?? definition['miniBatchSize'],
    ...overridden(invocation),
    inputs: {
      job_data: { job_input_type: 'literal', value: `\${{parent.inputs.${name}}}` },
      ...(step.model ? { model: { job_input_type: step.model.type, uri: step.model.uri } } : {}),
    },
    // Clients look for it where the step's own outputs lie.
    outputs: { [OUTPUT]: { type: 'literal', value: `\${{parent.outputs.${OUTPUT}}}`, own_address: true } },
  };
  return {
    inputs: { [name]: input },
    outputs: { [OUTPUT]: output },
    jobs: { [STEP]: node },
    // The same files may hold something else today: nothing is taken from an earlier run.
    settings: { force_rerun: true, continue_on_step_failure: false, default_compute: definition['compute'] },
    ...(typeof definition['description'] === 'string' ? { description: definition['description'] } : {}),
  };
}

function overridden({ overrides }: Invocation): Json {
  const { errorThreshold, instanceCount, maxRetries, outputFileName, timeoutInMs } = overrides;
  const retries = {
    ...(maxRetries === undefined ? {} : { max_retries: maxRetries }),
    ...(timeoutInMs === undefined ? {} : { timeout: Math.max(1, Math.ceil(timeoutInMs / 1000)) }),
  };
  return {
    ...(errorThreshold === undefined ? {} : { error_threshold: errorThreshold }),
    ...(instanceCount === undefined ? {} : { resources: { instance_count: instanceCount } }),
    ...(Object.keys(retries).length === 0 ? {} : { retry_settings: retries }),
    ...(outputFileName === undefined ? {} : { task: { append_row_file: outputFileName } }),
  };
}

/** A model's deployment takes one folder or file, under any name; the service's documentation leaves tables out. */
function oneInput({ inputs }: Invocation): [string, Json] {
  const [first, ...others] = Object.entries(inputs);
  if (!first || others.length > 0)
    throw userError(
      `A deployment of a model takes exactly one input, and the request has ${others.length + (first ? 1 : 0)}.`,
    );
  const [name, input] = first;
  const type = input['jobInputType'];
  if (type === 'uri_file' || type === 'uri_folder') return first;
  throw userError(
    `The input '${name}' of a deployment of a model must be a uri_file or a uri_folder, not ${String(type)}.`,
  );
}

function oneOutput({ outputs }: Invocation): Json {
  const [first, ...others] = Object.values(outputs);
  if (others.length > 0) throw userError("A deployment of a model has one output, 'score'.");
  const type = first?.['jobOutputType'] ?? 'uri_folder';
  if (type !== 'uri_file' && type !== 'uri_folder')
    throw userError(`The output 'score' must be a uri_file or a uri_folder, not ${String(type)}.`);
  return { ...first, jobOutputType: type };
}
