import type { Family } from '../family.ts';

export const dataImports: Family<'dataImport'> = {
  noun: 'a data import',
  choose: () => 'dataImport',
  readers: {
    dataImport: { reason: 'Files of this kind are not offered for now.' },
  },
};
