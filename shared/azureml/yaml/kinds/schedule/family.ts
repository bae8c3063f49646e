import type { Family } from '../family.ts';

export const schedules: Family<'schedule'> = {
  noun: 'a schedule',
  choose: () => 'schedule',
  readers: {
    schedule: { reason: 'Files of this kind are not offered for now.' },
    monitorSchedule: { reason: 'Files of this kind are not offered for now.' },
    importDataSchedule: { reason: 'Files of this kind are not offered for now.' },
  },
};
