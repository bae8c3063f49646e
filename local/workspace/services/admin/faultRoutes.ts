import { Hono, type Context } from 'hono';
import { Problem, Problems, wordsFor } from '../../../../shared/problem/index.ts';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import type { FaultReport } from '../../faults/faults.ts';
import { readFaults } from '../../faults/read.ts';
import { NO_FAULTS, type FaultPlan } from '../../faults/rule.ts';
import { userError } from '../../server/failures.ts';

const PATH = '/admin/faults';

/** Faults while the workspace runs: what there is and how often it came, another list, or none. */
export function faultRoutes({ faults, log }: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  const answer = (request: Context<WorkspaceEnv>): Response => {
    const { seed, rules } = faults.report();
    return request.json({ seed, faults: rules.map(shown) });
  };
  const use = async (plan: FaultPlan): Promise<void> => {
    await faults.use(plan);
    log(`faults: ${plan.rules.map(({ name }) => name).join(', ') || 'none'}`);
  };
  app.get(PATH, answer);
  app.put(PATH, async (request) => {
    await use(planIn(await request.req.text()));
    return answer(request);
  });
  app.delete(PATH, async (request) => {
    await use(NO_FAULTS);
    return answer(request);
  });
  return app;
}

function planIn(text: string): FaultPlan {
  try {
    return readFaults(text, 'the request');
  } catch (error) {
    if (error instanceof Problem || error instanceof Problems) throw userError(wordsFor(error).join(' '));
    throw error;
  }
}

function shown({ rule, matched, befell }: FaultReport): object {
  const { name, on, skip, count, probability, effect } = rule;
  const target = {
    ...(on.service === 'api' ? {} : { service: on.service }),
    ...(on.methods === undefined ? {} : { method: on.methods }),
    ...(on.path === undefined ? {} : { path: on.path }),
  };
  return {
    name,
    ...effect,
    on: target,
    skip,
    ...(count === undefined ? {} : { count }),
    probability,
    matched,
    befell,
  };
}
