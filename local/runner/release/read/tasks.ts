import type { TaskDefinition } from '../../agent/task/definition.ts';
import type { ServerStepPlan, StepPlan, TaskStepPlan, Text } from '../../plan.ts';
import { BUILT_IN_SCRIPTS, scriptStep } from './scripts.ts';
import type { Desk } from './desk.ts';
import type { Json } from './json.ts';
import { isLeftOut, isLeftOutAsUnsupported, standInFor, standInStep } from './wishes.ts';

type Common = Omit<TaskStepPlan, 'kind' | 'task' | 'inputs'>;

/** The two tasks of the service that no extension can bring, by their published ids. */
const DELAY = '28782b92-5e8e-4458-9751-a71cd1492bae';
const MANUAL_INTERVENTION = 'bcb64569-d51a-4af0-9c01-ea5d05b3b622';

/** A task of an agent job; undefined for what is reported instead. */
export function readAgentStep(json: Json, desk: Desk): StepPlan | undefined {
  if (isLeftOut(json, desk)) return undefined;
  const common = commonOf(json, desk);
  const standIn = standInFor(json, desk);
  if (standIn) return standInStep(standIn, inputsOf(json), common, desk);
  const id = json.get('taskId').text().toLowerCase();
  if (BUILT_IN_SCRIPTS.has(id)) return scriptStep(id, inputsOf(json), common, json, desk);
  const task = taskOf(json, desk);
  if (!task) return unless(common.enabled, () => unknownTask(json, desk, true));
  if (runsHere(task, 'agent')) return taskStep(task, common, json);
  return refusePlace(json, task, 'no task for an agent job', desk);
}

/** A task of an agentless job or a gate. */
export function readServerStep(json: Json, desk: Desk): ServerStepPlan | undefined {
  if (isLeftOut(json, desk)) return undefined;
  if (standInFor(json, desk)) return refuseScript(json, desk);
  const common = commonOf(json, desk);
  const id = json.get('taskId').text().toLowerCase();
  const inputs = json.get('inputs');
  if (id === DELAY) return { ...common, kind: 'delay', minutes: inputs.get('delayForMinutes').located('0') };
  if (id === MANUAL_INTERVENTION) {
    const onTimeout = inputs.get('onTimeout').text('reject') === 'resume' ? 'resume' : 'reject';
    return { ...common, kind: 'intervention', instructions: inputs.get('instructions').located(), onTimeout };
  }
  const task = taskOf(json, desk);
  if (!task) return unless(common.enabled, () => unknownTask(json, desk, false));
  if (runsHere(task, 'server')) return taskStep(task, common, json);
  return refusePlace(json, task, 'a task for agent jobs only', desk);
}

/** What is switched off is left out without a word. */
function unless(isWanted: boolean, refuse: () => void): undefined {
  if (isWanted) refuse();
  return undefined;
}

/** A version of `*` is the newest there is. */
function taskOf(json: Json, { catalog }: Desk): TaskDefinition | undefined {
  const [id, version] = [json.get('taskId').text().toLowerCase(), json.get('version').text('1').trim()];
  const majors = catalog.all.filter((one) => one.id.toLowerCase() === id).map((one) => one.version.major);
  const major = version === '*' ? Math.max(...majors) : Number(/^\d+/.exec(version)?.[0] ?? 1);
  return catalog.findById(id, major);
}

function runsHere({ execution }: TaskDefinition, where: 'agent' | 'server'): boolean {
  const isServer = [...execution.keys()].some((key) => SERVER_HANDLERS.has(key.toLowerCase()));
  return isServer === (where === 'server');
}

const SERVER_HANDLERS = new Set(['httprequest', 'httprequestchain', 'servicebus']);

function taskStep(task: TaskDefinition, common: Common, json: Json): TaskStepPlan {
  const { name, version } = task;
  return { ...common, kind: 'task', task: { name, major: version.major }, inputs: inputsOf(json) };
}

/** An input that is overridden takes its value from there; empty ones mean the default, as in the editor. */
function inputsOf(json: Json): Map<string, Text> {
  const all = [...json.get('inputs').members(), ...overrides(json).filter(([name]) => !CONTROLS.has(name))];
  return new Map(all.filter(([, value]) => value.isThere).map(([name, value]) => [name, value.located()]));
}

/** Control options that may be overridden as inputs are. */
const CONTROLS = new Set([
  'enabled',
  'condition',
  'continueOnError',
  'timeoutInMinutes',
  'retryCountOnTaskFailure',
]);

function overrides(json: Json): readonly (readonly [string, Json])[] {
  return json.get('overrideInputs').members();
}

function commonOf(json: Json, { findings }: Desk): Common {
  const control = (name: string): Json =>
    overrides(json).find(([key]) => key === name)?.[1] ?? json.get(name);
  for (const name of ['enabled', 'timeoutInMinutes', 'continueOnError']) {
    const value = control(name);
    if (value.text().includes('$(')) findings.unsupported(value.place, `A variable in '${name}' of a task`);
  }
  const fixed = (name: string): Json => (control(name).text().includes('$(') ? json.get('') : control(name));
  const refName = json.get('refName').text();
  const condition = control('condition');
  const runsAlways = json.get('alwaysRun').flag() && condition.text() === '';
  return {
    name: refName === '' ? undefined : refName,
    displayName: json.get('name').isThere ? json.get('name').located() : undefined,
    condition: runsAlways
      ? { text: 'succeededOrFailed()', place: json.get('alwaysRun').place }
      : condition.text().trim() === ''
        ? undefined
        : condition.located(),
    continueOnError: fixed('continueOnError').flag(),
    enabled: fixed('enabled').flag(true),
    timeoutInMinutes: fixed('timeoutInMinutes').number(),
    retryCountOnTaskFailure: control('retryCountOnTaskFailure').number(),
    env: new Map(
      json
        .get('environment')
        .members()
        .map(([name, value]) => [name, value.located()]),
    ),
    place: json.place,
  };
}

function unknownTask(json: Json, desk: Desk, hasAgent: boolean): void {
  if (isLeftOutAsUnsupported(json, desk)) return;
  const [id, version] = [json.get('taskId').text(), json.get('version').text('?')];
  const what = `The task '${json.get('name').text()}' (${id}, version ${version})`;
  desk.refusals.add(`task ${id} ${version}`, json.get('taskId').place, what, nextFor(id, hasAgent, desk));
}

function nextFor(id: string, hasAgent: boolean, { catalog }: Desk): string {
  if (catalog.all.every((one) => one.folder === '')) return 'Build the tasks first.';
  const others = catalog.all.filter((one) => one.id.toLowerCase() === id.toLowerCase());
  const known = others.map(({ name, version }) => `${name}@${version.major}`).join(', ');
  const script = hasAgent ? `, or with a script (--stand-in ${id}=<file>)` : '';
  const without = `Go on without it (--leave-out ${id}; for all such tasks --leave-out unsupported)${script}.`;
  return known === '' ? without : `Here runs ${known}. ${without}`;
}

function refuseScript(json: Json, { findings }: Desk): undefined {
  const what = `A script cannot stand in for '${json.get('name').text()}', which runs without an agent.`;
  findings.wrong(json.get('taskId').place, what, 'Leave it out: --leave-out.');
  return undefined;
}

function refusePlace(json: Json, task: TaskDefinition, what: string, { findings }: Desk): undefined {
  findings.wrong(
    json.get('taskId').place,
    `'${task.name}' is ${what}.`,
    'Move it to a job of the other kind.',
  );
  return undefined;
}
