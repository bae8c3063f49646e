import type { Family } from '../family.ts';
import { workspace } from './workspace.ts';

export const workspaces: Family<'workspace'> = {
  noun: 'a workspace',
  choose: () => 'workspace',
  readers: { workspace },
};
