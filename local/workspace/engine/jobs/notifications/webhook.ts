/** A callback that waits for the end of a job: Azure Pipelines is told that a server task is over. */
export interface Webhook {
  readonly job: string;
  /** The name its owner gave it; unique within the job. */
  readonly name: string;
  /** Collection address of Azure DevOps, without a slash at its end. */
  readonly planUri: string;
  readonly projectId: string;
  readonly hubName: string;
  readonly planId: string;
  readonly jobId: string;
  readonly taskInstanceId: string;
  /** Secret: never shown, and forgotten when the callback has been delivered. */
  readonly authToken: string;
}

/** Where Azure DevOps takes events of a plan. */
export function eventsUrl({ planUri, projectId, hubName, planId }: Webhook): string {
  const parts = [projectId, '_apis/distributedtask/hubs', hubName, 'plans', planId, 'events'];
  return `${planUri}/${parts.join('/')}?api-version=2.0-preview.1`;
}

/** The event by which a server task ends. */
export function taskCompleted(webhook: Webhook, status: string): object {
  return {
    name: 'TaskCompleted',
    taskId: webhook.taskInstanceId,
    jobId: webhook.jobId,
    result: status === 'Completed' ? 'succeeded' : 'failed',
  };
}
