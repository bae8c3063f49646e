import type { Family } from '../family.ts';

export const connections: Family<'connection'> = {
  noun: 'a connection',
  choose: () => 'connection',
  readers: {
    connection: { reason: 'Files of this kind are not offered for now.' },
  },
};
