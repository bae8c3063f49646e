import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunOutcome, RunRecord } from '../runner/index.ts';
import type { WorkspaceAddress } from '../workspace/address.ts';

type Step = RunRecord['stages'][number]['jobs'][number]['steps'][number];

const EVIDENCE = 'azureml-evidence';

/** What a person wants to know after a run: what is live now, how to call it, where the evidence is, how to stop it all. */
export async function afterword(
  outcome: RunOutcome,
  address: WorkspaceAddress,
  command: (words: string) => string,
): Promise<string[]> {
  const run = await readRecord(outcome.recordFolder);
  const steps = run.stages.flatMap((stage) => stage.jobs).flatMap((job) => job.steps);
  const live = liveEndpoints(steps);
  const evidence = steps.flatMap((step) => step.attachments.filter(({ type }) => type === EVIDENCE)).at(-1);
  return [
    ...liveLines(live, address, command),
    ...notStartedLines(run, outcome.recordFolder, command),
    ...(evidence ? ['', `Evidence: ${path.join(outcome.recordFolder, evidence.file)}`] : []),
    '',
    `The embedded workspace keeps running; stop it with: ${command('stop')}`,
  ];
}

/** A stage of a release that nothing started looks as if it had been forgotten. */
function notStartedLines(
  { release, stages }: RunRecord,
  folder: string,
  command: (words: string) => string,
): string[] {
  const [first, ...others] = stages.filter((one) => one.state === 'pending' && one.dependsOn.length === 0);
  if (!release || !first) return [];
  const names = [first, ...others].map(({ name }) => `'${name}'`).join(', ');
  const place = path.relative(process.cwd(), folder) || '.';
  return [
    '',
    `Not started: ${names}. Deploy by hand with:`,
    `  ${command(`continue ${place} --deploy "${first.name}"`)}`,
  ];
}

interface Live {
  readonly endpoint: string;
  readonly scoringUri: string;
  readonly traffic: string;
}

/** The newest word on each endpoint that a step of this run deployed to. */
function liveEndpoints(steps: readonly Step[]): readonly Live[] {
  const found = steps.flatMap((step) => {
    const outputs = new Map(step.outputs.map(({ name, value }) => [name, value]));
    const [endpoint, scoringUri, traffic] = ['endpointName', 'scoringUri', 'traffic'].map((name) =>
      outputs.get(name),
    );
    const isLive =
      step.task?.name === 'DeployModel' && step.result !== 'failed' && endpoint && scoringUri && traffic;
    return isLive ? [{ endpoint, scoringUri, traffic: shares(traffic) }] : [];
  });
  return [...new Map(found.map((one) => [one.endpoint, one])).values()];
}

/** `{"green":100}` as `green 100 %`. */
function shares(traffic: string): string {
  try {
    const parsed = JSON.parse(traffic) as Record<string, number>;
    return (
      Object.entries(parsed)
        .map(([name, share]) => `${name} ${share} %`)
        .join(', ') || 'no traffic'
    );
  } catch {
    return traffic;
  }
}

function liveLines(
  live: readonly Live[],
  address: WorkspaceAddress,
  command: (words: string) => string,
): string[] {
  if (live.length === 0) return [];
  const last = live.at(-1)!;
  return [
    '',
    'Live now:',
    ...live.map(({ endpoint, scoringUri, traffic }) => `  ${endpoint} (${traffic})  ${scoringUri}`),
    'Call it:',
    `  curl --cacert ${address.caFile} -H "Authorization: Bearer $(${command(`key ${last.endpoint}`)})" -H "Content-Type: application/json" --data @request.json ${last.scoringUri}`,
  ];
}

async function readRecord(folder: string): Promise<RunRecord> {
  // Written by the runner itself a moment ago.
  return JSON.parse(await readFile(path.join(folder, 'run.json'), 'utf8')) as RunRecord;
}
