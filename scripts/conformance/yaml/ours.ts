import { resolveAssets } from '../../../shared/azureml/assets/index.ts';
import {
  compileFile,
  readYamlFile,
  resourcePath,
  withValues,
  type Compilation,
} from '../../../shared/azureml/yaml/index.ts';
import { Problem, Problems, wordsFor } from '../../../shared/problem/index.ts';
import { dryWorkspace } from '../../yaml/dryWorkspace.ts';
import type { Outcome, Request } from './outcome.ts';
import type { Question } from './reference.ts';

/** As the workspace beside the reference client answers (reference/answers.py). */
const NAMES = {
  workspaceId:
    '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ws',
  location: 'eastus',
  latest: '7',
  next: '8',
};

export interface OurOutcome {
  readonly outcome: Outcome;
  readonly compilation?: Compilation;
}

/** What our client sends for a file, or why it refuses it; anything but a Problem is a defect and is thrown. */
export async function compileOurs({ file, use, given }: Question): Promise<OurOutcome> {
  const sent: Request[] = [];
  try {
    const compilation = compileFile(withValues(readYamlFile(file), given), { use });
    const { body } = await resolveAssets(compilation, dryWorkspace(sent, NAMES));
    sent.push({ method: 'PUT', path: resourcePath(compilation), body });
    return { outcome: { sent }, compilation };
  } catch (error) {
    if (error instanceof Problem || error instanceof Problems)
      return { outcome: { refused: wordsFor(error).join('\n') } };
    throw error;
  }
}
