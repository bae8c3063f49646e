import { connect, type AzureML } from '../azureml/index.ts';
import {
  agentNetwork,
  maskSecret,
  readConnection,
  type AzureConnection,
  type InputReader,
  type TaskLog,
} from '../pipelines/index.ts';
import { messageOf, Problem, Problems } from '../problem/index.ts';
import { VERSION } from './version.ts';

/** The workspace a task works in, as its inputs and its connection name it. */
export interface WorkspaceInputs {
  readonly connection: AzureConnection;
  readonly resourceGroup: string;
  readonly workspaceName: string;
}

/** How a task names its connection, and whether it does without a workspace. */
interface WorkspaceInputOptions {
  /** Where a task downloads an artifact, Azure DevOps has its own name for the connection. */
  readonly connectionInput?: string;
  readonly isOptional?: boolean;
}

/** Reads the three inputs every task has; a workspace-scoped connection supplies the last two. */
export function readWorkspaceInputs(
  read: InputReader,
  { connectionInput: input = 'azureSubscription', isOptional = false }: WorkspaceInputOptions = {},
): WorkspaceInputs | undefined {
  const connection = connectionOrComplaint(read, input);
  if (!connection) return undefined;
  const named = (name: string, fromConnection: string | undefined, isNeeded = true): string => {
    const value = read.text(name) ?? fromConnection;
    if (!value && isNeeded)
      read.complain(
        name,
        'A value is required.',
        'Name it, or use a connection that is scoped to a workspace.',
      );
    return value ?? '';
  };
  if (!connection.subscriptionId) {
    read.complain(
      input,
      'The service connection names no subscription.',
      'Use one that is scoped to a subscription or a workspace.',
    );
  }
  return {
    connection,
    resourceGroup: named('resourceGroup', connection.resourceGroup),
    workspaceName: named('workspace', connection.workspaceName, !isOptional),
  };
}

function connectionOrComplaint(read: InputReader, input: string): AzureConnection | undefined {
  try {
    return readConnection(input);
  } catch (error) {
    const problems = error instanceof Problems ? error.all : [error];
    for (const problem of problems) {
      read.complain(input, messageOf(problem), problem instanceof Problem ? problem.next : undefined);
    }
    return undefined;
  }
}

/** The client for a task; secrets of the connection are masked before anything else is done. */
export function openWorkspace(
  inputs: WorkspaceInputs,
  options: { readonly task: string; readonly log: TaskLog },
): AzureML {
  const { connection } = inputs;
  if (connection.signIn.scheme === 'secret') maskSecret(connection.signIn.secret);
  if (connection.signIn.scheme === 'certificate') maskSecret(connection.signIn.certificate);
  return connect({
    connection,
    scope: {
      subscriptionId: connection.subscriptionId,
      resourceGroup: inputs.resourceGroup,
      workspaceName: inputs.workspaceName,
    },
    network: agentNetwork(),
    userAgent: `azureml-delivery-${options.task}/${VERSION}`,
    onAnswer: (line) => options.log.debug(line),
  });
}
