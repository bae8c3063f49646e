import type { Deployed, Planned, RecordedChange, RecordedTraffic, Registered, Trained } from '../record.ts';
import { code, heading, link, paragraph, strong, type Block, type Piece } from './block.ts';
import { modelInWords } from './judgement.ts';

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const;

/** How the candidate was trained: job, code, data. */
export function trainedBlocks(trained: Trained): Block[] {
  const { source, data } = trained;
  const from = [source?.repository, source?.branch, source?.commit].filter((part) => part !== undefined);
  return [
    heading('Training'),
    {
      kind: 'list',
      items: [
        ['Job: ', link(trained.jobName, trained.jobUrl), ` (${trained.status})`],
        ...(from.length > 0
          ? [['Code: ', from.join(' '), source?.dirty === true ? ', with changes that no commit holds' : '']]
          : []),
        ...data.map((input): Piece[] => [
          `Data input ${input.name}: `,
          code(input.uri),
          ...(input.sha256 === undefined ? [] : [', SHA-256 ', code(input.sha256)]),
        ]),
        ...(trained.build?.runName === undefined
          ? []
          : [
              [
                'Run: ',
                link(`${trained.build.pipeline ?? ''} ${trained.build.runName}`, trained.build.runUrl),
              ],
            ]),
      ],
    },
  ];
}

/** Which model version it became. */
export function registeredBlocks(registered: Registered): Block[] {
  const size = registered.files.reduce((sum, { sizeInBytes }) => sum + sizeInBytes, 0);
  const count = registered.files.length;
  return [
    heading('Model'),
    paragraph(
      strong(`${registered.modelName}:${registered.modelVersion}`),
      ` (${registered.modelType}), ${count} ${count === 1 ? 'file' : 'files'}, ${sizeInWords(size)}, SHA-256 over all files `,
      code(registered.filesHash),
    ),
  ];
}

/** What a deploy will do. */
export function plannedBlocks(planned: Planned): Block[] {
  return [
    heading('Plan'),
    paragraph(
      strong(`${modelInWords(planned.model)} to endpoint ${planned.endpointName}`),
      ` as deployment ${planned.deploymentName} (${planned.deploymentChange}), strategy ${planned.strategy}. Plan SHA-256 `,
      code(planned.planHash),
    ),
    {
      kind: 'list',
      items: [
        [`Traffic now: ${trafficInWords(planned.before)}`],
        ...planned.steps.map((step, index): Piece[] => [
          `Step ${index + 1}: ${trafficInWords(step)}${bakeInWords(planned.bakeTimeInMinutes)}`,
        ]),
        ...(planned.deletes.length > 0 ? [[`Deleted at the end: ${planned.deletes.join(', ')}`]] : []),
      ],
    },
    ...(planned.diff.length > 0 ? [diffTable(planned.diff)] : []),
  ];
}

function bakeInWords(minutes: number | undefined): string {
  return minutes === undefined || minutes === 0
    ? ''
    : `, then ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} of watching`;
}

function diffTable(diff: readonly RecordedChange[]): Block {
  return {
    kind: 'table',
    header: ['What', 'Field', 'Now', 'Then'],
    rows: diff.map(({ resource, field, from, to }) => [resource, field, from ?? 'not set', to ?? 'not set']),
  };
}

function trafficInWords({ live, mirror }: RecordedTraffic): string {
  const shares = Object.entries(live).map(([name, percent]) => `${percent} % ${name}`);
  const mirrored = Object.entries(mirror).map(([name, percent]) => `${percent} % mirrored to ${name}`);
  return [...shares, ...mirrored].join(', ') || 'none';
}

const RESULT_WORDS: Readonly<Record<Deployed['result'], string>> = {
  succeeded: 'Succeeded',
  'rolled-back': 'Rolled back',
  failed: 'Failed',
};

/** What the deploy did. */
export function deployedBlocks(deployed: Deployed): Block[] {
  const { approver, trafficChanges, probes } = deployed;
  return [
    heading('Deployment'),
    paragraph(
      strong(
        `${RESULT_WORDS[deployed.result]}: ${deployed.deploymentName} of endpoint ${deployed.endpointName}.`,
      ),
      deployed.reason === undefined ? '' : ` ${deployed.reason}`,
    ),
    {
      kind: 'list',
      items: [
        [
          approver.known
            ? `Approved by ${approver.name ?? 'a person without a name'}${approver.at === undefined ? '' : ` at ${approver.at}`}`
            : 'Who approved it is not known',
        ],
        ...(approver.comment === undefined ? [] : [[`Comment: ${approver.comment}`]]),
        ...trafficChanges.map(({ at, after }): Piece[] => [`${at}: traffic became ${trafficInWords(after)}`]),
        ...probes.map(({ name, passed, reason }): Piece[] => [
          `Probe ${name}: ${passed ? 'passed' : 'failed'}${reason === undefined ? '' : `, ${reason}`}`,
        ]),
        ...(deployed.previousDeployment === undefined ? [] : [[`Before: ${deployed.previousDeployment}`]]),
        ...(deployed.scoringUri === undefined ? [] : [['Address: ', code(deployed.scoringUri)]]),
      ],
    },
  ];
}

function sizeInWords(bytes: number): string {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  return `${Number((bytes / 1000 ** step).toPrecision(3))} ${UNITS[step]}`;
}
