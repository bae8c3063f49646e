import type { Context } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { armError } from '../../server/answers.ts';
import { isObject } from '../../server/bodies.ts';

/** What the inference service behind ARM refuses: ARM's envelope says little, the reason is in its details. */
export class InferenceRefusal extends Error {
  override readonly name = 'InferenceRefusal';
  readonly part: 'Call' | 'CreateDeployment';
  readonly member: string;
  /** Azure's word for it in its list of operation errors, when there is one. */
  readonly code: string | undefined;

  constructor(options: {
    part: 'Call' | 'CreateDeployment';
    member: string;
    message: string;
    code?: string;
  }) {
    super(options.message);
    this.part = options.part;
    this.member = options.member;
    this.code = options.code;
  }
}

/** The answer Azure gives to such a refusal, with the reason nested as JSON text in the first detail. */
export function answerRefusal(
  refusal: InferenceRefusal,
  context: WorkspaceContext,
  request: Context<WorkspaceEnv>,
): Response {
  const outer = { status: 400 as const, code: 'BadRequest', message: 'The request is invalid.' };
  const envelope = armError(outer, context, request.get('requestId'));
  const error = 'error' in envelope && isObject(envelope.error) ? envelope.error : {};
  const plain =
    refusal.code === undefined
      ? []
      : [{ code: refusal.code, message: refusal.message, details: [], additionalInfo: [] }];
  return request.json({ error: { ...error, details: [inferencingDetail(refusal), ...plain] } }, outer.status);
}

function inferencingDetail(refusal: InferenceRefusal): object {
  const reason = JSON.stringify({
    errors: { [refusal.member]: [refusal.message] },
    type: 'https://tools.ietf.org/html/rfc7231#section-6.5.1',
    title: 'One or more validation errors occurred.',
    status: 400,
  });
  const isCall = refusal.part === 'Call';
  return {
    code: `InferencingClient${refusal.part}Failed`,
    message: isCall ? reason : `InferencingClient HttpRequest error, error detail: ${reason}`,
    details: [],
    additionalInfo: [],
  };
}
