import path from 'node:path';
import { readWorkspaceInputs, type WorkspaceInputs } from '../../shared/delivery/workspace.ts';
import { createInputReader, variable } from '../../shared/pipelines/index.ts';

export interface DownloadInputs {
  readonly workspace: WorkspaceInputs;
  /** Undefined: the model is the workspace's own. */
  readonly registry: string | undefined;
  /** Where it is not the workspace's. */
  readonly registryResourceGroup: string | undefined;
  readonly modelName: string;
  /** Undefined: the newest. */
  readonly modelVersion: string | undefined;
  /** Patterns of paths below the model, the last that fits wins; `!` leaves out. */
  readonly patterns: readonly string[];
  /** Absolute. */
  readonly folder: string;
  readonly requireEvidence: boolean;
}

/** The word for the version that was registered last. */
const LATEST = 'latest';

/** Reads every input; all that is wrong is thrown together. The names are those Azure DevOps gives to an artifact. */
export function readInputs(): DownloadInputs {
  const read = createInputReader();
  const registry = read.text('registry');
  const workspace = readWorkspaceInputs(read, {
    connectionInput: 'connection',
    isOptional: registry !== undefined,
  });
  const version = read.required('version');
  const inputs = {
    registry,
    registryResourceGroup: read.text('registryResourceGroup'),
    modelName: read.required('definition'),
    modelVersion: version.toLowerCase() === LATEST ? undefined : version,
    patterns: (read.text('itemPattern') ?? '**')
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter(Boolean),
    folder: path.resolve(read.text('downloadPath') ?? variable('System.ArtifactsDirectory') ?? '.'),
    requireEvidence: read.flag('requireEvidence', false),
  };
  read.finish();
  return { ...inputs, workspace: workspace! };
}
