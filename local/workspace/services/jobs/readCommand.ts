import { milliseconds } from '../../engine/jobs/duration.ts';
import { requiredPlaceholders } from '../../engine/jobs/command/placeholders.ts';
import { defined, type Json, Members } from '../../server/bodies.ts';
import { userError } from '../../server/failures.ts';
import { readInputs, readOutputs } from './readInputs.ts';

/** The members of a command job. */
export function readCommand(members: Members): Json {
  const command = readCommandText(members);
  const inputs = readInputs(members);
  const outputs = readOutputs(members);
  checkPlaceholders(command, { inputs: Object.keys(inputs), outputs: Object.keys(outputs) });
  return defined({
    command,
    inputs,
    outputs,
    environmentId: members.needed('environmentId', members.text('environmentId')),
    environmentVariables: members.texts('environmentVariables') ?? {},
    limits: readLimits(members.object('limits'), 'Command'),
    resources: readResources(members.object('resources')),
  });
}

/** The command itself; of a sweep it stands in the trial. */
export function readCommandText(members: Members): string {
  const command = members.needed('command', members.text('command'));
  if (!/\w/.test(command)) throw userError("The member 'command' must not be empty.");
  return command;
}

/** Every `${{ }}` outside an optional part must name something the job has. */
export function checkPlaceholders(command: string, known: Readonly<Record<string, readonly string[]>>): void {
  for (const name of requiredPlaceholders(command)) {
    const [group = '', member = ''] = name.split('.', 2);
    if (known[group]?.includes(member)) continue;
    throw userError(
      `The command refers to '\${{${name}}}', which is not among the ${group || 'members'} of the job.`,
    );
  }
}

/** Limits with the type the service adds. */
export function readLimits(limits: Json | undefined, jobLimitsType: 'Command' | 'Sweep'): Json | undefined {
  if (!limits) return undefined;
  const members = new Members(limits, 'properties.limits');
  for (const name of ['timeout', 'trialTimeout']) {
    const text = members.text(name);
    if (text !== undefined && milliseconds(text) === undefined) {
      throw userError(
        `The member 'properties.limits.${name}' must be an ISO 8601 duration such as PT1H, not '${text}'.`,
      );
    }
  }
  return { ...limits, jobLimitsType };
}

export function readResources(resources: Json | undefined): Json | undefined {
  const count = resources?.['instanceCount'];
  if (
    count === undefined ||
    count === null ||
    (typeof count === 'number' && Number.isInteger(count) && count > 0)
  )
    return resources;
  throw userError("The member 'properties.resources.instanceCount' must be a whole number above 0.");
}
