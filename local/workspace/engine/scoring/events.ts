import { appendFileSync } from 'node:fs';

/** How far an instance has come, in the words of the service's log. */
export type Step = 'SystemSetup' | 'UserContainerImagePull' | 'ModelDownload' | 'UserContainerStart';
export type StepState = 'InProgress' | 'Succeeded' | 'Failed';

const STEPS: readonly Step[] = [
  'SystemSetup',
  'UserContainerImagePull',
  'ModelDownload',
  'UserContainerStart',
];

/** What happened to one revision of a deployment, kept in a file so that it can be read after a restart. */
export class EventLog {
  readonly #file: string;
  readonly #now: () => Date;

  constructor(file: string, now: () => Date) {
    this.#file = file;
    this.#now = now;
  }

  step(step: Step, state: StepState): void {
    this.#append({ step, state });
  }

  event(name: string, type: 'Normal' | 'Warning', message: string): void {
    this.#append({ name, type, message, time: this.#now().toISOString() });
  }

  #append(record: object): void {
    // Events are rare, and one that is written late could be lost with the process.
    appendFileSync(this.#file, `${JSON.stringify(record)}\n`);
  }
}

interface EventRecord {
  readonly step?: Step;
  readonly state?: StepState;
  readonly name?: string;
  readonly type?: string;
  readonly message?: string;
  readonly time?: string;
}

/** The head of a container log as Azure's `getLogs` gives it: status of every step, then the events. */
export function renderEvents(text: string): string {
  const records = text.split('\n').filter(Boolean).map(parseRecord);
  const reached = STEPS.map(
    (step) => [step, records.findLast((record) => record.step === step)?.state] as const,
  );
  const status = reached
    .filter(([, state]) => state !== undefined)
    .map(([step, state]) => `${step}: ${state}`);
  const events = records
    .filter((record) => record.name !== undefined)
    .map(
      ({ name, type, time, message }) =>
        `Kind: Pod, Name: ${name}, Type: ${type}, Time: ${time}, Message: ${message}`,
    );
  return ['Instance status:', ...status, '', 'Container events:', ...events, ''].join('\n');
}

function parseRecord(line: string): EventRecord {
  try {
    return JSON.parse(line) as EventRecord;
  } catch {
    return {};
  }
}
