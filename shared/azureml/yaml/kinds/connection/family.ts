import type { Family } from '../family.ts';
import { connection } from './connection.ts';

export const connections: Family<'connection'> = {
  noun: 'a connection',
  choose: () => 'connection',
  readers: { connection },
};
