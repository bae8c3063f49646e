import { messageOf } from '../../../../../shared/problem/index.ts';
import { isRecord, textOf } from '../json.ts';
import { outputUri } from '../outputs.ts';
import type { JobDocument, MonitorOfJob, NamedPoint } from '../records/index.ts';
import { locate } from '../references/index.ts';
import { openRunLog } from '../runLog.ts';
import type { JobTools } from '../tools.ts';

/** The tag that Azure's event filters, and gates, look for. */
const BREACH_TAG = 'azureml_modelmonitor_threshold_breached';
const FILE = 'metrics.json';
const LOG = 'logs/azureml/monitor.txt';

/** One feature's value of a metric, and whether it breaks its limit. */
interface Measure {
  readonly group: string;
  readonly metric: string;
  readonly value: number;
  readonly threshold: number | undefined;
  readonly breached: boolean;
}

/** Writes into the run of a monitor what its signals came to: metrics, and the tag of broken limits. */
export async function concludeMonitor(
  { name }: JobDocument,
  monitor: MonitorOfJob,
  tools: JobTools,
): Promise<void> {
  const signals = await Promise.all(
    Object.values(monitor.signals).map(async (signal) => ({
      name: signal.name,
      measures: await measuresOf(name, signal.output, tools),
    })),
  );
  const broken = signals.filter(({ measures }) => measures.some(({ breached }) => breached)).map(breachOf);
  const now = tools.context.clock.now();
  const metrics = signals.flatMap((signal) => pointsOf(signal, now));
  const tags = broken.length === 0 ? {} : { [BREACH_TAG]: broken.join('\n') };
  await tools.records.metrics.log(name, { metrics, tags }, now);
  await say(name, broken, monitor.emails, tools);
}

interface Measured {
  readonly name: string;
  readonly measures: readonly Measure[];
}

/** Worded so that the filter which Azure documents for alerts finds it. */
function breachOf({ name, measures }: Measured): string {
  const rows = measures.filter(({ breached }) => breached);
  const shown = rows.map(({ group, metric, value, threshold }) =>
    JSON.stringify({ group, metric_value: value, metric_name: metric, threshold_value: threshold }),
  );
  return `The signal '${name}' has failed due to one or more features violating metric thresholds. They are: [${shown.join(', ')}]`;
}

function pointsOf({ name, measures }: Measured, now: Date): NamedPoint[] {
  return measures.map(({ group, metric, value }) => ({
    key: `${name}/${group}/${metric}`.replaceAll(/[^\w\-. /]/g, '_'),
    value,
    timestamp: now.getTime(),
    step: 0,
  }));
}

/** A signal that failed has measured nothing; its step says why. */
async function measuresOf(job: string, output: string, tools: JobTools): Promise<Measure[]> {
  const { storage } = tools.context;
  const place = locate(outputUri(job, output, { type: 'uri_folder' }), tools.places);
  if (place.kind !== 'blob') return [];
  const path = `${place.path.replace(/\/$/, '')}/${FILE}`;
  if (!(await storage.exists(place.container, path))) return [];
  const rows: unknown = JSON.parse((await storage.download(place.container, path)).toString());
  return (Array.isArray(rows) ? rows : []).flatMap(measureIn);
}

function measureIn(row: unknown): Measure[] {
  if (!isRecord(row) || typeof row['metric_value'] !== 'number') return [];
  const { metric_value: value, threshold_value: threshold } = row;
  return [
    {
      group: textOf(row['group']) ?? '',
      metric: textOf(row['metric_name']) ?? '',
      value,
      threshold: typeof threshold === 'number' ? threshold : undefined,
      breached: row['breached'] === true,
    },
  ];
}

async function say(
  run: string,
  broken: readonly string[],
  emails: readonly string[],
  tools: JobTools,
): Promise<void> {
  const log = await openRunLog(run, LOG, tools);
  try {
    for (const line of broken) await log.line(line);
    if (broken.length === 0) await log.line('No limit is broken.');
    else if (emails.length > 0)
      await log.line(`Azure would write to ${emails.join(', ')}; the embedded workspace sends no mail.`);
  } catch (error) {
    tools.context.log(`${run}: ${messageOf(error)}`);
  } finally {
    await log.close();
  }
}
