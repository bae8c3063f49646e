import type { WorkspaceContext } from '../../../context.ts';
import { componentOf } from '../../../engine/jobs/pipeline/component.ts';
import { Members, type Json } from '../../../server/bodies.ts';
import { userError } from '../../../server/failures.ts';
import { engineOf } from '../../jobs/engines.ts';
import { readJob } from '../../jobs/readJob.ts';
import { signalComponent } from '../monitors/parts.ts';
import { planMonitor } from '../monitors/plan.ts';
import type { Action } from './action.ts';
import { submit } from './submit.ts';

/** Looks at a model's data: a pipeline with a step for each signal, whose run says which limits are broken. */
export const createMonitor: Action = {
  check: (_context, action) => {
    const definition = definitionIn(action);
    const signals = new Members(definition, 'properties.action.monitorDefinition').object('signals');
    if (Object.keys(signals ?? {}).length === 0)
      throw userError("The member 'properties.action.monitorDefinition.signals' must name a signal.");
  },
  run: async (context: WorkspaceContext, firing) => {
    const { schedule, dueAt } = firing;
    const component = await signalComponent(context);
    const { assets } = engineOf(context).tools.places;
    const typeOf = (id: unknown): string => String(componentOf(String(id), assets)['type'] ?? 'command');
    const monitoring = { monitor: schedule.name, dueAt, component, typeOf };
    const plan = planMonitor(definitionIn(schedule.action), monitoring);
    const job = readJob({
      jobType: 'Pipeline',
      experimentName: schedule.name,
      tags: schedule.tags,
      jobs: plan.jobs,
      outputs: plan.outputs,
      // Data of another day lies at the same address.
      settings: { force_rerun: true, continue_on_step_failure: true },
    });
    return submit(context, firing, { job, monitor: plan.monitor });
  },
};

function definitionIn(action: Json): Json {
  const members = new Members(action, 'properties.action');
  return members.needed('monitorDefinition', members.object('monitorDefinition'));
}
