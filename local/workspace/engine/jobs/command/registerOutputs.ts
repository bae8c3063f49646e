import type { RunDocument, RunOutput } from '../records/index.ts';
import type { JobTools } from '../tools.ts';
import type { PreparedOutput } from './outputs.ts';

/** Registers what a completed job gave, as Azure does: every output becomes an asset, anonymous unless it was given a name. */
export async function registerOutputs(
  run: RunDocument,
  outputs: readonly PreparedOutput[],
  tools: JobTools,
): Promise<void> {
  const registered: Record<string, RunOutput> = {};
  for (const output of outputs) registered[output.name] = await register(run.runId, output, tools);
  await tools.records.runs.update(run.runId, tools.context.clock.now(), (current) => ({
    ...current,
    outputs: { ...current.outputs, ...registered },
  }));
}

async function register(
  runId: string,
  { name, output, uri }: PreparedOutput,
  { places, context }: JobTools,
): Promise<RunOutput> {
  const kind = output.type.endsWith('_model') ? 'models' : 'data';
  const word = kind === 'models' ? output.type : 'data';
  const assetName = output.assetName ?? `azureml_${runId}_output_${word}_${name}`;
  const version = await places.assets.register({
    kind,
    name: assetName,
    ...(output.assetVersion ? { version: output.assetVersion } : output.assetName ? {} : { version: '1' }),
    type: output.type,
    uri,
    jobName: runId,
    anonymous: output.assetName === undefined,
  });
  const { location, workspaceId } = context.identity;
  return {
    assetId: `azureml://locations/${location}/workspaces/${workspaceId}/${kind}/${assetName}/versions/${version}`,
    type: pascalCase(output.type),
  };
}

/** Run history writes types as `UriFolder`, `MLFlowModel`. */
function pascalCase(type: string): string {
  if (type === 'mlflow_model') return 'MLFlowModel';
  return type
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
