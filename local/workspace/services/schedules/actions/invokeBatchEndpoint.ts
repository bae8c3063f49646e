import { isObject, Members } from '../../../server/bodies.ts';
import { userError } from '../../../server/failures.ts';
import { batchOf, findEndpoint } from '../../batchEndpoints/batch.ts';
import { invoke } from '../../batchScoring/invoke.ts';
import { normalName } from '../../onlineEndpoints/names.ts';
import type { Action } from './action.ts';
import { creatorOf, ofSchedule } from './submit.ts';

const PLACE = 'properties.action.endpointInvocationDefinition';

/** Invokes a batch endpoint. The members of its definition are published nowhere: they are taken as an invocation has them, with the endpoint's name. */
export const invokeBatchEndpoint: Action = {
  check: () => undefined,
  run: async (context, firing) => {
    const { endpointInvocationDefinition: definition } = firing.schedule.action;
    const given = isObject(definition) ? definition : {};
    const members = new Members(given, PLACE);
    const endpoint = members.text('endpointName') ?? members.text('endpointId')?.split('/').at(-1);
    if (!endpoint) throw userError(`The member '${PLACE}.endpointName' must name a batch endpoint.`);
    const batch = batchOf(context);
    const { name } = await invoke(
      batch,
      findEndpoint(batch, normalName(endpoint)),
      {
        body: { properties: { ...(members.object('properties') ?? given), name: firing.name } },
        deployment: members.text('deploymentName'),
        requestId: undefined,
        ofSchedule: ofSchedule(context, firing),
      },
      creatorOf(firing),
    );
    return name;
  },
};
