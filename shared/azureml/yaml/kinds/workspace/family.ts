import type { Family } from '../family.ts';

export const workspaces: Family<'workspace'> = {
  noun: 'a workspace',
  choose: () => 'workspace',
  readers: {
    workspace: { reason: 'Files of this kind are not offered for now.' },
  },
};
