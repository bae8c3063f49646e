import path from 'node:path';
import { copySource } from '../../execute/source.ts';
import { copyTree } from '../../record/artifacts.ts';
import type { ArtifactStore } from '../../agent/steps/step.ts';
import { inputNamed } from '../../agent/task/inputs.ts';
import type { TaskDefinition } from '../../agent/task/definition.ts';
import type { Place, StepPlan, Text } from '../../plan.ts';
import type { AgentPhasePlan, ArtifactPlan, DownloadPlan } from '../plan.ts';
import { typeOf, type ArtifactVersion } from '../versions.ts';
import type { ReleaseContext } from './context.ts';

/** The steps the service puts before a job's own: one per artifact the job takes. */
export function downloadSteps(phase: AgentPhasePlan, context: ReleaseContext): StepPlan[] {
  if (phase.skipArtifactsDownload) return [];
  return context.plan.artifacts.flatMap((artifact) => {
    const wish = phase.downloads.find(({ alias }) => alias.toLowerCase() === artifact.alias.toLowerCase());
    const version = context.state.artifacts.find(({ alias }) => alias === artifact.alias);
    if (wish?.mode === 'skip' || !version) return [];
    return downloadStep(artifact, version, wish, context) ?? [];
  });
}

function downloadStep(
  artifact: ArtifactPlan,
  version: ArtifactVersion,
  wish: DownloadPlan | undefined,
  { catalog, artifactTypes }: ReleaseContext,
): StepPlan | undefined {
  const { place, alias } = artifact;
  const common = {
    ...{ name: undefined, condition: undefined, continueOnError: false, enabled: true, place },
    ...{ timeoutInMinutes: 0, retryCountOnTaskFailure: 0, env: new Map() },
    displayName: { text: `Download artifact - ${alias} - ${artifact.type}`, place },
  };
  const text = (value: string): Text => ({ text: value, place });
  const items = wish?.mode === 'selective' && wish.items.length > 0 ? wish.items : ['**'];
  const target = text(`$(System.DefaultWorkingDirectory)/${alias}`);
  if (version.folder !== undefined) {
    const patterns = text(items.join('\n'));
    return { ...common, kind: 'download', source: 'current', artifact: text(alias), patterns, path: target };
  }
  const id = typeOf(artifact, artifactTypes)?.downloadTaskId;
  const task = id === undefined ? undefined : newestById(id, catalog.all);
  if (!task) return undefined;
  const inputs = inputsFor(artifact, version, task, place);
  const own = { itemPattern: text(items.join('\n')), downloadPath: target };
  for (const [name, value] of Object.entries(own)) if (inputNamed(task, name)) inputs.set(name, value);
  return { ...common, kind: 'task', task: { name: task.name, major: task.version.major }, inputs };
}

/** An artifact's inputs go to the task's inputs of the same names, the version among them. */
function inputsFor(
  artifact: ArtifactPlan,
  version: ArtifactVersion,
  task: TaskDefinition,
  place: Place,
): Map<string, Text> {
  const given = [...artifact.inputs, ['version', { id: version.id }] as const];
  return new Map(
    given.flatMap(([name, { id }]) => (inputNamed(task, name) ? [[name, { text: id, place }] as const] : [])),
  );
}

/** A download task is named by its id alone. */
function newestById(id: string, tasks: readonly TaskDefinition[]): TaskDefinition | undefined {
  return tasks
    .filter((task) => task.id.toLowerCase() === id.toLowerCase())
    .sort((a, b) => b.version.major - a.version.major)[0];
}

/** Artifacts that no task fetches come from the folders that stand for them. */
export function folderArtifacts(versions: readonly ArtifactVersion[], runsFolder: string): ArtifactStore {
  return {
    publish: () => Promise.reject(new TypeError('A release publishes no artifacts.')),
    async download({ name, patterns, target }) {
      const wanted = versions.filter(({ alias, folder }) => folder !== undefined && alias === name);
      for (const { folder = '', isSource } of wanted) {
        if (isSource) await copySource(folder, path.resolve(target), [runsFolder]);
        else await copyTree(folder, path.resolve(target), patterns);
      }
      return wanted.map(({ alias }) => alias);
    },
  };
}
