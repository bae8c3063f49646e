import { randomBytes } from 'node:crypto';
import type { IncomingWebhook } from '../../devops/index.ts';
import { predefinedVariables, runPipeline } from '../execute/start.ts';
import type { RunSettings } from '../execute/options.ts';
import { toValue } from '../expressions/index.ts';
import { readPipeline } from '../read/index.ts';
import { fits, readWebhooks } from '../read/webhooks.ts';
import type { Queue } from './queue.ts';

/** GitHub's name for it, which connections take over when none is typed. */
const HEADER = 'X-Hub-Signature';

export interface WebhookOptions {
  readonly pipelines: readonly { readonly file: string; readonly repository: string }[];
  readonly settings: RunSettings;
  readonly runsFolder: string;
  readonly project: { readonly organization: string; readonly name: string };
  readonly queue: Queue;
  /** By the connection's name; one that has none gets a secret of its own. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** The connections that pipelines name, and the runs that what comes to them starts. */
export function webhooksOf(options: WebhookOptions): {
  readonly connections: readonly IncomingWebhook[];
  find(name: string): IncomingWebhook | undefined;
  receive(name: string, payload: Readonly<Record<string, unknown>>): void;
} {
  const { pipelines, secrets, queue } = options;
  const waiting = pipelines.flatMap((one) => readWebhooks(one.file).map((webhook) => ({ ...one, webhook })));
  const names = [...new Set(waiting.map(({ webhook }) => webhook.connection))];
  const connections = names.map((name) => ({
    ...{ name, header: HEADER },
    secret: secrets[name] ?? randomBytes(24).toString('base64url'),
  }));
  const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
  return {
    connections,
    find: (name) => connections.find((one) => same(one.name, name)),
    receive(name, payload) {
      const value = toValue(payload);
      for (const { file, repository, webhook } of waiting)
        if (same(webhook.connection, name) && fits(webhook, value))
          queue.add(() => runFor({ file, repository, payloads: { [webhook.alias]: payload } }, options));
    },
  };
}

interface Called {
  readonly file: string;
  readonly repository: string;
  readonly payloads: Readonly<Record<string, unknown>>;
}

/** The file is read at the moment it runs, as the service reads the branch. */
async function runFor(
  { file, repository, payloads }: Called,
  { settings, runsFolder, project }: WebhookOptions,
): Promise<void> {
  const predefined = {
    ...(await predefinedVariables(repository, project.name)),
    'Build.Reason': 'ResourceTrigger',
  };
  const plan = await readPipeline({ file, payloads, predefined });
  await runPipeline({ ...settings, plan, repository, runsFolder, project, reason: 'resourceTrigger' });
}
