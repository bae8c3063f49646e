import type { AgentPhasePlan, DownloadPlan, PhaseCopies, PhasePlan, ServerPhasePlan } from '../plan.ts';
import type { Desk } from './desk.ts';
import type { Json } from './json.ts';
import { tasksIn } from './taskGroups.ts';
import { readAgentStep, readServerStep } from './tasks.ts';

/** The agent's own default. */
const CANCEL_TIMEOUT_IN_MINUTES = '1';

const KINDS: Readonly<Record<string, 'agent' | 'server'>> = {
  agentBasedDeployment: 'agent',
  '1': 'agent',
  runOnServer: 'server',
  '2': 'server',
};

/** One job of a stage; older exports keep some of its settings with the stage. */
export function readPhase(json: Json, index: number, options: Json, desk: Desk): PhasePlan | undefined {
  const kind = KINDS[json.get('phaseType').text('agentBasedDeployment')];
  if (!kind) return refuseKind(json, desk);
  const input = json.get('deploymentInput');
  const copies = copiesOf(input.get('parallelExecution'), desk);
  const phase = { ...commonOf(json, index, input, options), copies, kind };
  const tasks = tasksIn(json.get('workflowTasks'), desk);
  if (phase.kind === 'server') {
    const steps = tasks.flatMap((task) => readServerStep(task, desk) ?? []);
    return { ...phase, kind: 'server', steps } satisfies ServerPhasePlan;
  }
  return {
    ...phase,
    kind: 'agent',
    ...downloadsOf(input, options, desk),
    enableAccessToken: flagOf('enableAccessToken', input, options),
    steps: tasks.flatMap((task) => readAgentStep(task, desk) ?? []),
  } satisfies AgentPhasePlan;
}

function refuseKind(json: Json, { findings }: Desk): undefined {
  const type = json.get('phaseType').text();
  const isGroup = type === 'machineGroupBasedDeployment' || type === '4';
  findings.unsupported(
    json.get('phaseType').place,
    isGroup ? 'A deployment group job' : `A job of the type '${type}'`,
    isGroup ? 'Use an agent job, whose tasks reach the machines.' : undefined,
  );
  return undefined;
}

/** The kinds of copies, in the words and numbers of the API. */
const COPIES: Readonly<Record<string, 'none' | 'configurations' | 'machines'>> = {
  none: 'none',
  '0': 'none',
  multiconfiguration: 'configurations',
  '1': 'configurations',
  multimachine: 'machines',
  '2': 'machines',
};

function copiesOf(json: Json, { findings }: Desk): PhaseCopies | undefined {
  const type = json.get('parallelExecutionType');
  const kind = COPIES[type.text('none').toLowerCase() || 'none'];
  if (!kind) findings.unsupported(type.place, `A job in copies of the type '${type.text()}'`);
  if (!kind || kind === 'none') return undefined;
  const most = json.get('maxNumberOfAgents').number();
  if (kind === 'machines') return { multipliers: [], most: Math.max(1, most) };
  const names = json
    .get('multipliers')
    .text()
    .split(/[,;]/)
    .map((name) => name.trim());
  const multipliers = names.filter((name) => name !== '');
  if (multipliers.length === 0)
    findings.wrong(
      json.get('multipliers').place,
      'A job for each configuration needs the names of variables.',
    );
  return { multipliers, most };
}

function commonOf(
  json: Json,
  index: number,
  input: Json,
  options: Json,
): Omit<PhasePlan & object, 'kind' | 'steps' | 'copies'> {
  const rank = json.get('rank').number(index + 1);
  // What a phase overrides is known when it starts: its values hold macros.
  const overridden = (name: string): Json => {
    const value = input.get('overrideInputs').get(name);
    return value.isThere ? value : input.get(name);
  };
  const timeout = overridden('timeoutInMinutes');
  const condition = overridden('condition');
  return {
    name: json.get('name').text(`Phase ${rank}`),
    refName: json.get('refName').text() || `Phase_${rank}`,
    rank,
    condition: condition.text().trim() === '' ? undefined : condition.located(),
    timeoutInMinutes: (timeout.isThere ? timeout : options.get('timeoutInMinutes')).located('0'),
    cancelTimeoutInMinutes: overridden('jobCancelTimeoutInMinutes').located(CANCEL_TIMEOUT_IN_MINUTES),
    place: json.place,
  };
}

function flagOf(name: string, input: Json, options: Json): boolean {
  return (input.get(name).isThere ? input : options).get(name).flag();
}

const MODES: Readonly<Record<string, DownloadPlan['mode']>> = {
  all: 'all',
  selective: 'selective',
  skip: 'skip',
};

function downloadsOf(
  input: Json,
  options: Json,
  { findings }: Desk,
): Pick<AgentPhasePlan, 'downloads' | 'skipArtifactsDownload'> {
  const downloads = input.get('artifactsDownloadInput').get('downloadInputs').items();
  return {
    skipArtifactsDownload: flagOf('skipArtifactsDownload', input, options),
    downloads: downloads.map((one) => {
      const word = one.get('artifactDownloadMode');
      const mode = MODES[word.text('all').toLowerCase()];
      if (!mode) findings.unknown(word.place, "'artifactDownloadMode':", word.text(), Object.keys(MODES));
      const items = one.get('artifactItems').items();
      return { alias: one.get('alias').text(), mode: mode ?? 'all', items: items.map((item) => item.text()) };
    }),
  };
}
