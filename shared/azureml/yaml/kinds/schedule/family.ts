import type { Family } from '../family.ts';
import { importSchedule } from './import.ts';
import { jobSchedule } from './job.ts';
import { monitorSchedule } from './monitor/monitor.ts';

/** Told apart by what is to be done. */
export const schedules: Family<'schedule'> = {
  noun: 'a schedule',
  choose(root) {
    if (root.entries.has('create_monitor')) return 'monitorSchedule';
    return root.entries.has('import_data') ? 'importDataSchedule' : 'schedule';
  },
  readers: {
    schedule: jobSchedule,
    monitorSchedule,
    importDataSchedule: importSchedule,
  },
};
