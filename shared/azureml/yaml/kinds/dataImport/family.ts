import type { Family } from '../family.ts';
import { dataImport } from './job.ts';

export const dataImports: Family<'dataImport'> = {
  noun: 'a data import',
  choose: () => 'dataImport',
  readers: { dataImport },
};
