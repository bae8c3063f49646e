import { createEndpoints } from '../agent/endpoints.ts';
import { createMasker } from '../agent/variables/masker.ts';
import { createVariables } from '../agent/variables/variables.ts';
import type { ServiceConnection } from '../connections.ts';
import { recordVariables } from '../execute/agent.ts';
import type { Predefined } from '../execute/predefined.ts';
import type { EvaluatedVariable } from '../execute/variables.ts';
import type { JobRecord } from '../record/model.ts';
import type { ServerContext, ServerJob } from './steps.ts';

interface Opening {
  readonly job: JobRecord;
  readonly planId: string;
  readonly own: readonly EvaluatedVariable[];
  readonly predefined: Predefined;
}

/** What a job without an agent works with; `end` takes its token away. */
export type OpenServerJob = Pick<ServerJob, 'variables' | 'endpoints' | 'masker'> & { end(): void };

/** Gives a job without an agent its variables, connections, a token and a masker. */
export function openJob(
  { job, planId, own, predefined }: Opening,
  { devops, connections }: ServerContext & { readonly connections: readonly ServiceConnection[] },
): OpenServerJob {
  const { token, end } = devops.admitJob({ planId, jobId: job.id });
  const [masker, variables] = [createMasker(), createVariables()];
  for (const { name, value, isSecret } of own) variables.set(name, value, { isSecret });
  for (const [name, value] of Object.entries(predefined)) variables.set(name, value, { isReadOnly: true });
  variables.set('System.AccessToken', token, { isSecret: true, isReadOnly: true });
  for (const { value, isSecret } of variables.all()) if (isSecret) masker.addJobSecret(value);
  return {
    variables,
    masker,
    endpoints: createEndpoints({ url: devops.collectionUri, accessToken: token }, connections, masker),
    end() {
      end();
      job.variables = recordVariables(variables, masker);
    },
  };
}
