import { Problem } from '../../../../shared/problem/index.ts';
import { diagnose } from './diagnosis.ts';
import type { DeploymentPlan } from './plan.ts';
import type { StartFailure } from './replica.ts';
import { tailOf } from './tail.ts';

const LINES_TO_READ = 400;

/** The problem an operation ends with when a container never got ready, with Azure's code for the kind of endpoint. */
export async function deploymentFailure(
  failed: { readonly failure: StartFailure; readonly logFile: string },
  plan: DeploymentPlan,
): Promise<Problem> {
  const diagnosis = diagnose(failed.failure, await tailOf(failed.logFile, LINES_TO_READ));
  const code = plan.isKubernetes ? diagnosis.code : 'ResourceNotReady';
  const outcome = failed.failure.kind === 'not-ready' ? 'did not get ready' : 'has crashed or terminated';
  return new Problem({
    code: 'deployment',
    message: `User container ${outcome}: ${diagnosis.message.replace(/\.?$/, '.')}`,
    next: `Read the log of deployment '${plan.deployment}', correct its cause and create the deployment again.`,
    reply: { status: 400, code, message: diagnosis.message },
  });
}
