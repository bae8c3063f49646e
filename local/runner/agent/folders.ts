import { mkdir } from 'node:fs/promises';
import path from 'node:path';

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

export async function createAgentFolders(root: string): Promise<AgentFolders> {
  const work = path.join(root, '_work');
  const build = path.join(work, '1');
  const folders: AgentFolders = {
    root,
    work,
    build,
    sources: path.join(build, 's'),
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
