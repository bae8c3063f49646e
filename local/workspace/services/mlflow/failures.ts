import type { Context } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { replyFor } from '../../server/answers.ts';

/** MLflow's error codes by HTTP status. */
const CODES: Readonly<Record<number, string>> = {
  400: 'INVALID_PARAMETER_VALUE',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'RESOURCE_DOES_NOT_EXIST',
  409: 'RESOURCE_ALREADY_EXISTS',
  429: 'REQUEST_LIMIT_EXCEEDED',
  503: 'TEMPORARILY_UNAVAILABLE',
};

/** MLflow 3 asks for what only its own server keeps; its clients take this for a server that is older than they are. */
export function noLoggedModels(): Response {
  const message =
    'The embedded workspace has no logged models, as Azure Machine Learning has none: register the files of a run with create_model_version of MlflowClient, or with mlflow 2.';
  return Response.json({ error_code: 'ENDPOINT_NOT_FOUND', message }, { status: 404 });
}

/** Answers a failure as an MLflow server does. */
export function answerMlflowFailure(
  error: unknown,
  context: WorkspaceContext,
  request: Context<WorkspaceEnv>,
): Response {
  const { status, message } = replyFor(error);
  if (status >= 500)
    context.log(`${request.req.path}: ${error instanceof Error ? error.stack : String(error)}`);
  // An MLflow server answers 400 for a name that is taken.
  return request.json(
    { error_code: CODES[status] ?? 'INTERNAL_ERROR', message },
    status === 409 ? 400 : status,
  );
}
