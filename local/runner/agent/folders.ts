import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { HostType } from './state.ts';

/** The folders of one agent; every job gets an agent of its own, and with it fresh and empty folders. */
export interface AgentFolders {
  readonly root: string;
  /** Agent.WorkFolder */
  readonly work: string;
  /** Agent.BuildDirectory, Pipeline.Workspace */
  readonly build: string;
  /** Build.SourcesDirectory, System.DefaultWorkingDirectory */
  readonly sources: string;
  /** Build.ArtifactStagingDirectory */
  readonly staging: string;
  readonly binaries: string;
  readonly testResults: string;
  readonly temp: string;
  readonly tools: string;
}

/** In a release, artifacts lie in the folder work starts in; a build has sources there. */
export async function createAgentFolders(root: string, host: HostType): Promise<AgentFolders> {
  const work = path.join(root, '_work');
  const build = path.join(work, host === 'build' ? '1' : 'r1');
  const folders: AgentFolders = {
    root,
    work,
    build,
    sources: path.join(build, host === 'build' ? 's' : 'a'),
    staging: path.join(build, 'a'),
    binaries: path.join(build, 'b'),
    testResults: path.join(build, 'TestResults'),
    temp: path.join(work, '_temp'),
    tools: path.join(work, '_tool'),
  };
  await mkdir(path.dirname(root), { recursive: true });
  // Not recursive: a folder that is there already is somebody else's.
  await mkdir(root);
  for (const folder of Object.values(folders)) await mkdir(folder, { recursive: true });
  return folders;
}
