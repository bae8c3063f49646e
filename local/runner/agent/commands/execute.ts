import { messageOf } from '../../../../shared/problem/index.ts';
import type { HostType, StepState } from '../state.ts';
import { readLine, type Command } from './parse.ts';
import { requiredData, type CommandArea } from './read.ts';
import * as reports from './reports.ts';
import { allows } from './restrictions.ts';
import { artifactCommands, buildCommands, coverageCommands, resultsCommands } from './run.ts';
import { prependPath, setSecret, setTaskVariable, setVariable } from './variables.ts';

const taskCommands: CommandArea = {
  setvariable: setVariable,
  setsecret: setSecret,
  settaskvariable: setTaskVariable,
  setendpoint(command, step) {
    const { properties, data } = command;
    step.job.endpoints.set(
      properties.get('id') ?? '',
      properties.get('field') ?? '',
      properties.get('key'),
      data,
    );
  },
  logissue: reports.logIssue,
  issue: reports.logIssue,
  logdetail: reports.logDetail,
  setprogress: reports.setProgress,
  complete: reports.complete,
  debug: reports.debug,
  prependpath: prependPath,
  addattachment: reports.addAttachment,
  uploadsummary: reports.uploadSummary,
  uploadfile: reports.uploadFile,
};

/** In a pipeline run the area exists, but not for its kind of host. */
const releaseCommands: CommandArea = {
  updatereleasename: (command, step) =>
    step.job.run.setReleaseName(requiredData(command, 'release name').trim()),
};
/** Telemetry is for the service's own tasks; from others it is dropped without a word. */
const telemetryCommands: CommandArea = { publish: () => undefined };

interface Area {
  readonly hosts: readonly HostType[];
  readonly commands: CommandArea;
}

const EVERYWHERE: readonly HostType[] = ['build', 'release', 'deployment'];
const AREAS: ReadonlyMap<string, Area> = new Map([
  ['task', { hosts: EVERYWHERE, commands: taskCommands }],
  ['artifact', { hosts: EVERYWHERE, commands: artifactCommands }],
  ['build', { hosts: EVERYWHERE, commands: buildCommands }],
  ['release', { hosts: ['release', 'deployment'], commands: releaseCommands }],
  ['telemetry', { hosts: EVERYWHERE, commands: telemetryCommands }],
  ['results', { hosts: EVERYWHERE, commands: resultsCommands }],
  ['codecoverage', { hosts: ['build'], commands: coverageCommands }],
]);

/** Takes one line of a step's output: carries out the command in it, or puts it in the log. */
export function takeLine(line: string, step: StepState): void {
  const read = readLine(line);
  switch (read.kind) {
    case 'text':
      step.sink.line(line);
      return;
    case 'unreadable':
      warn(step, `The line holds '##vso' but no command that can be read: ${line}`);
      step.sink.line(line);
      return;
    case 'command':
      carryOut(read.command, line, step);
  }
}

function carryOut(command: Command, line: string, step: StepState): void {
  const { area, event } = command;
  const name = `${area}.${event}`;
  const found = AREAS.get(area);
  if (!found) {
    warn(step, `The agent knows no logging commands of the area '${area}'.`);
    return;
  }
  if (!found.hosts.includes(step.job.hostType)) {
    fail(step, `The logging command '${name}' cannot be used in a ${step.job.hostType}.`);
    // Not taken as a command: the line stays in the log.
    step.sink.line(line);
    return;
  }
  const handler = Object.hasOwn(found.commands, event) ? found.commands[event] : undefined;
  if (!handler) {
    fail(step, `The agent knows no logging command '${name}'.`);
    return;
  }
  const refusal = allows(command, step.restrictions);
  if (refusal) {
    warn(step, refusal);
    return;
  }
  try {
    handler(command, step);
  } catch (error) {
    fail(step, `The logging command '${name}' failed: ${messageOf(error)}`);
  }
  if (name !== 'task.debug') reports.writeDebug(`Processed: ${line}`, step);
}

/** A failed command fails the step at its end, even when the process exits with 0 or a later attempt succeeds. */
function fail(step: StepState, message: string): void {
  step.sink.issue({ type: 'error', message });
  step.commandFailed = true;
}

function warn(step: StepState, message: string): void {
  step.sink.issue({ type: 'warning', message });
}
