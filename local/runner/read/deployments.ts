import type { DeploymentHook, Place, StepPlan, Text } from '../plan.ts';
import { Fields } from './fields.ts';
import { checkPool } from './pool.ts';
import { impliedStep } from './stepCommon.ts';
import { readSteps } from './steps.ts';
import type { Bound } from './scope.ts';
import type { ReadingDesk } from './templates.ts';

const HOOKS = ['preDeploy', 'deploy', 'routeTraffic', 'postRouteTraffic'] as const;

/** The hooks of a deployment job in the order they run; `on` comes last. */
export function readHooks(desk: ReadingDesk, job: Fields): DeploymentHook[] {
  const bound = job.get('strategy');
  if (!bound) {
    desk.findings.wrong(
      job.place,
      "A deployment job needs 'strategy'.",
      "Write 'strategy: runOnce: deploy: steps:'.",
    );
    return [];
  }
  const strategy = new Fields(desk, bound, "'strategy'");
  strategy
    .refuse({ rolling: "Use 'runOnce'.", canary: "Use 'runOnce'." })
    .allow(['runOnce', 'rolling', 'canary']);
  const once = strategy.get('runOnce');
  return once ? hooksOf(desk, once) : [];
}

function hooksOf(desk: ReadingDesk, bound: Bound): DeploymentHook[] {
  const once = new Fields(desk, bound, "'runOnce'").allow([...HOOKS, 'on']);
  const hooks = HOOKS.flatMap((name) => hookOf(desk, once, name, name));
  if (hooks.length === 0) desk.findings.wrong(once.place, "'runOnce' needs at least 'deploy'.");
  const outcome = once.get('on');
  if (!outcome) return hooks;
  const on = new Fields(desk, outcome, "'on'").allow(['success', 'failure']);
  return [
    ...hooks,
    ...hookOf(desk, on, 'success', 'on.success'),
    ...hookOf(desk, on, 'failure', 'on.failure'),
  ];
}

function hookOf(
  desk: ReadingDesk,
  parent: Fields,
  key: string,
  name: DeploymentHook['name'],
): DeploymentHook[] {
  const bound = parent.get(key);
  if (!bound) return [];
  const fields = new Fields(desk, bound, `'${key}'`).allow(['steps', 'pool']);
  checkPool(desk, fields.get('pool'));
  const steps = readSteps(desk, fields.get('steps'));
  return [{ name, steps: name === 'deploy' ? withDownload(steps, fields.place) : steps }];
}

/** The deploy hook starts by fetching this run's artifacts, unless its steps speak of downloads themselves. */
function withDownload(steps: readonly StepPlan[], place: Place): readonly StepPlan[] {
  if (steps.some((step) => step.kind === 'download')) return steps;
  const all = { source: 'current', artifact: undefined, patterns: undefined, path: undefined } as const;
  return [{ kind: 'download', ...impliedStep(place), ...all }, ...steps];
}

/** The environment's name; environments with resources inside are refused. */
export function readEnvironment(desk: ReadingDesk, job: Fields): Text | undefined {
  const bound = job.get('environment');
  if (!bound) return undefined;
  const part = desk.expander.resolve(bound);
  if (part.node.kind === 'map') {
    const fields = new Fields(desk, part, "'environment'").allow([
      'name',
      'resourceName',
      'resourceId',
      'resourceType',
      'tags',
    ]);
    return fields.refuse({ resourceName: '', resourceId: '', resourceType: '', tags: '' }).needed('name');
  }
  const name = desk.expander.text(part, "'environment'");
  if (!name?.text.includes('.') || /\$\(/.test(name.text)) return name;
  desk.findings.unsupported(
    name.place,
    `A resource of an environment ('${name.text}')`,
    'Name the environment alone.',
  );
  return undefined;
}
