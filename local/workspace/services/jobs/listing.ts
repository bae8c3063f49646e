import type { JobDocument, Records } from '../../engine/jobs/records/index.ts';
import { userError } from '../../server/failures.ts';

type Query = (name: string) => string | undefined;

/** Whether a job is in a list with these filters. */
export function isListed(query: Query, { runs }: Records): (job: JobDocument) => boolean {
  const view = viewOf(query('listViewType'));
  const [type, tag, properties] = [query('jobType'), query('tag'), query('properties')];
  const isOfSchedule = scheduled(query('scheduled'), query('scheduleId'));
  return (job) => {
    const run = runs.get(job.name);
    if (!run) return false;
    return (
      view(job.isArchived) &&
      isOfSchedule(job) &&
      (type === undefined || String(job.properties['jobType']).toLowerCase() === type.toLowerCase()) &&
      has(run.tags, tag) &&
      has(run.properties, properties)
    );
  };
}

function viewOf(view: string | undefined): (isArchived: boolean) => boolean {
  switch (view?.toLowerCase()) {
    case undefined:
    case '':
    case 'activeonly':
      return (isArchived) => !isArchived;
    case 'archivedonly':
      return (isArchived) => isArchived;
    case 'all':
      return () => true;
    default:
      throw userError(`The listViewType '${view}' is not one of ActiveOnly, ArchivedOnly, All.`);
  }
}

/** Whether a schedule made the job, and which: its name, or its ARM id. */
function scheduled(isScheduled: string | undefined, id: string | undefined): (job: JobDocument) => boolean {
  const name = id?.split('/').at(-1);
  const wanted = isScheduled ? isScheduled.toLowerCase() === 'true' : undefined;
  return ({ schedule }) =>
    (wanted === undefined || wanted === (schedule !== undefined)) && (!name || schedule?.name === name);
}

/** `key` asks that it is there, `key=value` what it is. */
function has(map: Readonly<Record<string, string>>, wanted: string | undefined): boolean {
  if (!wanted) return true;
  return wanted.split(',').every((part) => {
    const [key = '', ...value] = part.split('=');
    return value.length === 0 ? key in map : map[key] === value.join('=');
  });
}
