import { setOutput, type TaskLog } from '../pipelines/index.ts';

/** More metrics than this stay in the `metrics` output only: each output is a record of its own on the timeline. */
const MOST_METRICS = 100;

/** Sets `metrics` (JSON) and `metric_<name>` for each; every character outside [A-Za-z0-9_] becomes `_`. */
export function setMetrics(metrics: Readonly<Record<string, number>>, log: TaskLog): void {
  setOutput(
    'metrics',
    JSON.stringify(metrics, (_key, value: unknown) => (typeof value === 'number' ? finite(value) : value)),
  );
  const taken = new Map<string, string>();
  const entries = Object.entries(metrics);
  for (const [name, value] of entries.slice(0, MOST_METRICS)) {
    const output = `metric_${name.replace(/[^A-Za-z0-9_]/g, '_')}`;
    const other = taken.get(output.toLowerCase());
    if (other !== undefined)
      log.warning(
        `The metrics '${other}' and '${name}' would both be ${output}; '${name}' is in 'metrics' only.`,
      );
    else setOutput(output, String(value));
    if (other === undefined) taken.set(output.toLowerCase(), name);
  }
  if (entries.length > MOST_METRICS)
    log.warning(
      `The job has ${entries.length} metrics; those after the first ${MOST_METRICS} are in 'metrics' only.`,
    );
}

/** JSON has no word for them; MLflow writes them as text. */
function finite(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
