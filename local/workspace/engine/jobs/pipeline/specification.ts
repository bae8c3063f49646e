import { outputUri } from '../outputs.ts';
import type { Json } from '../records/index.ts';
import type { Assets } from '../references/index.ts';
import { recordOf, textOf } from '../json.ts';
import { inputsOf, type JobInput, type JobOutput, outputsOf } from '../specification.ts';
import { componentOf, componentOutputs, defaultsOf } from './component.ts';
import { connected } from './graph.ts';
import type { PipelineSettings, PipelineSpecification } from './model.ts';
import { readStep } from './readStep.ts';

/** Reads the `properties` of a pipeline job. */
export function pipelineSpecification(job: string, properties: Json, assets: Assets): PipelineSpecification {
  const component = textOf(properties['componentId']);
  const whole = component === undefined ? {} : componentOf(component, assets);
  const own = recordOf(properties['jobs']);
  const outputs = { ...componentOutputs(whole['outputs']), ...outputsOf(properties['outputs']) };
  const chosen = Object.entries(outputs).flatMap(([name, output]) =>
    output.uri === undefined ? [] : [[name, outputUri(job, name, output)] as const],
  );
  return graphOf({
    owner: job,
    // Clients send an empty `jobs` beside a component.
    nodes: Object.keys(own).length > 0 ? own : recordOf(whole['jobs']),
    inputs: { ...defaultsOf(whole['inputs']), ...inputsOf(properties['inputs']) },
    outputs,
    chosen: Object.fromEntries(chosen),
    settings: readSettings(recordOf(properties['settings']), textOf(properties['computeId'])),
    assets,
  });
}

export interface GraphParts {
  /** The run whose outputs these are. */
  readonly owner: string;
  readonly nodes: Json;
  readonly inputs: Readonly<Record<string, JobInput>>;
  readonly outputs: Readonly<Record<string, JobOutput>>;
  readonly settings: PipelineSettings;
  /** Addresses of outputs that somebody chose. */
  readonly chosen: Readonly<Record<string, string>>;
  readonly assets: Assets;
}

export function graphOf({
  owner,
  nodes,
  inputs,
  outputs,
  settings,
  chosen,
  assets,
}: GraphParts): PipelineSpecification {
  const steps = Object.entries(nodes).map(([name, node]) => readStep(name, recordOf(node), assets));
  const addressed = Object.entries(outputs).map(([name, output]) => [
    name,
    { ...output, uri: outputUri(owner, name, output, settings.defaultDatastore) },
  ]);
  return {
    ...settings,
    steps: connected(steps),
    inputs,
    outputs: Object.fromEntries(addressed),
    chosenOutputs: chosen,
  };
}

/** Settings of a pipeline; one inside another has those of the outer where it says nothing itself. */
export function readSettings(
  settings: Json,
  compute: string | undefined,
  outer?: PipelineSettings,
): PipelineSettings {
  const datastore = textOf(settings['default_datastore'])
    ?.split('/')
    .at(-1)
    ?.replace(/^azureml:/, '');
  const defaultDatastore = datastore ?? outer?.defaultDatastore;
  const defaultCompute = textOf(settings['default_compute']) ?? compute ?? outer?.defaultCompute;
  const isContinued = settings['continue_on_step_failure'] ?? outer?.continueOnStepFailure;
  return {
    continueOnStepFailure: isContinued !== false,
    forceRerun: settings['force_rerun'] === true || outer?.forceRerun === true,
    ...(defaultDatastore === undefined ? {} : { defaultDatastore }),
    ...(defaultCompute === undefined ? {} : { defaultCompute }),
  };
}
