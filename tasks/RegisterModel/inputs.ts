import { readReleaseVariables, type ReleaseVariables } from '../../shared/delivery/releaseVariables.ts';
import { readWorkspaceInputs, type WorkspaceInputs } from '../../shared/delivery/workspace.ts';
import type { ModelType } from '../../shared/azureml/index.ts';
import { createInputReader, type InputReader } from '../../shared/pipelines/index.ts';

export interface RegisterInputs {
  readonly workspace: WorkspaceInputs;
  /** Undefined: the workspace itself. */
  readonly registry: string | undefined;
  /** Where it is not the workspace's. */
  readonly registryResourceGroup: string | undefined;
  readonly modelName: string;
  /** Undefined: the next number. */
  readonly modelVersion: string | undefined;
  readonly source: string;
  /** `auto`: MLflow where the files hold an MLmodel file, else custom. */
  readonly modelType: ModelType | 'auto';
  readonly description: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, string>>;
  /** The job whose evidence is carried on; undefined: the job named in the source. */
  readonly candidate: string | undefined;
  readonly onlyIfPassed: boolean;
  readonly releaseVariables: ReleaseVariables;
}

/** What the service takes as the name of an asset (azure-rest-api-specs, machinelearningservices). */
const MODEL_NAME = /^[a-zA-Z0-9][a-zA-Z0-9\-_]{0,254}$/;
const MODEL_VERSION = /^[a-zA-Z0-9][a-zA-Z0-9.\-_]{0,29}$/;

/** Which of its outputs later stages of a release find, and under which names, unless the user says otherwise. */
const RELEASE_VARIABLES = {
  'AzureML.ModelName': 'modelName',
  'AzureML.ModelVersion': 'modelVersion',
  'AzureML.ModelId': 'modelId',
  'AzureML.Registered': 'registered',
  'AzureML.EvidenceHash': 'evidenceHash',
};

/** Reads every input; all that is wrong is thrown together. */
export function readInputs(): RegisterInputs {
  const read = createInputReader();
  const workspace = readWorkspaceInputs(read);
  const inputs = {
    registry: read.text('registry'),
    registryResourceGroup: read.text('registryResourceGroup'),
    modelName: readName(read),
    modelVersion: readVersion(read),
    source: read.required('source'),
    modelType: read.oneOf(
      'modelType',
      ['auto', 'custom_model', 'mlflow_model', 'triton_model'] as const,
      'auto',
    ),
    description: read.text('description'),
    tags: read.pairs('tags'),
    properties: read.pairs('properties'),
    candidate: read.text('candidate'),
    onlyIfPassed: read.flag('onlyIfPassed', false),
    releaseVariables: readReleaseVariables(read, RELEASE_VARIABLES),
  };
  for (const name of Object.keys(inputs.properties).filter((key) => key.startsWith('delivery.'))) {
    read.complain(
      'properties',
      `'${name}' is written by this task.`,
      'Choose a name that does not start with delivery.',
    );
  }
  read.finish();
  return { ...inputs, workspace: workspace! };
}

function readName(read: InputReader): string {
  const name = read.required('modelName');
  if (name && !MODEL_NAME.test(name)) {
    read.complain(
      'modelName',
      `'${name}' cannot be the name of a model.`,
      'Use letters, digits, dashes and underscores, a letter or digit first, at most 255 characters.',
    );
  }
  return name;
}

function readVersion(read: InputReader): string | undefined {
  const version = read.text('modelVersion');
  if (version && !MODEL_VERSION.test(version)) {
    read.complain(
      'modelVersion',
      `'${version}' cannot be a version.`,
      'Use at most 30 letters, digits, dots, dashes and underscores, or leave it empty.',
    );
  }
  return version;
}
