import { Problem } from '../../../../shared/problem/index.ts';
import { type Distribution, distributionOf } from './command/distribution.ts';
import { milliseconds } from './duration.ts';
import { literalText, mapRecord, optional, recordOf, textOf, textsOf } from './json.ts';
import type { Json } from './records/index.ts';

/** An input as ARM has it: a literal, or an asset that is brought to the job. */
export interface JobInput {
  readonly type: string;
  /** Of a literal. */
  readonly value?: string;
  /** Of an asset. */
  readonly uri?: string;
  readonly mode?: string;
}

export interface JobOutput {
  readonly type: string;
  readonly uri?: string;
  readonly mode?: string;
  /** Registers the output under this name when the job completes. */
  readonly assetName?: string;
  readonly assetVersion?: string;
}

/** What a command job does, whoever asked for it: a submission, a sweep or a pipeline step. */
export interface CommandSpecification {
  readonly command: string;
  readonly codeId?: string;
  readonly environmentId?: string;
  readonly environmentVariables: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, JobInput>>;
  readonly outputs: Readonly<Record<string, JobOutput>>;
  readonly timeoutInMs?: number;
  readonly distribution: Distribution;
  /** Names of services that people would connect to while the job runs; none is started here. */
  readonly services: readonly string[];
  /** Name of the compute it runs on; absent when serverless. */
  readonly compute?: string;
  /** Files that the workspace itself gives the command, for `${{support.x}}`. */
  readonly support?: Readonly<Record<string, string>>;
  /** Values of a sweep's trial, for `${{search_space.x}}`. */
  readonly searchSpace: Readonly<Record<string, string>>;
}

/** Reads the `properties` of a command job. */
export function commandSpecification(properties: Json): CommandSpecification {
  const limits = recordOf(properties['limits']);
  const timeout = textOf(limits['timeout']);
  return {
    command: textOf(properties['command']) ?? missing('command'),
    ...optional('codeId', textOf(properties['codeId'])),
    ...optional('environmentId', textOf(properties['environmentId'])),
    environmentVariables: textsOf(properties['environmentVariables']),
    inputs: inputsOf(properties['inputs']),
    outputs: outputsOf(properties['outputs']),
    ...optional('timeoutInMs', timeout === undefined ? undefined : milliseconds(timeout)),
    distribution: distributionOf(properties),
    ...optional('compute', computeName(properties['computeId'])),
    services: Object.keys(recordOf(properties['services'])),
    searchSpace: {},
  };
}

/** The last part of a compute's id; nothing where Azure would choose a machine itself. */
function computeName(id: unknown): string | undefined {
  const name = textOf(id)
    ?.replace(/^azureml:/, '')
    .split('/')
    .at(-1);
  return name === undefined || name.toLowerCase() === 'serverless' ? undefined : name;
}

export function inputsOf(value: unknown): Record<string, JobInput> {
  return mapRecord(value, (input) => ({
    type: textOf(input['jobInputType'])?.toLowerCase() ?? 'literal',
    ...optional('value', literalText(input['value'])),
    ...optional('uri', textOf(input['uri'])),
    ...optional('mode', textOf(input['mode'])),
  }));
}

export function outputsOf(value: unknown): Record<string, JobOutput> {
  return mapRecord(value, (output) => ({
    type: textOf(output['jobOutputType'])?.toLowerCase() ?? 'uri_folder',
    ...optional('uri', textOf(output['uri'])),
    ...optional('mode', textOf(output['mode'])),
    ...optional('assetName', textOf(output['assetName'])),
    ...optional('assetVersion', textOf(output['assetVersion'])),
  }));
}

function missing(member: string): never {
  throw new Problem({
    code: 'input',
    message: `The job has no '${member}'.`,
    next: `Add '${member}' to the job.`,
  });
}
