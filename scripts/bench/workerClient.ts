/** What workers of benches share: a client of the workspace, their memory, and their answer. */
import { readFileSync } from 'node:fs';
import type { WorkspaceAddress } from '../../local/workspace/address.ts';
import { connect } from '../../shared/azureml/client.ts';

/** The tasks' own client. */
export function connectTo(to: WorkspaceAddress) {
  return connect({
    connection: {
      environment: 'AzureStack',
      resourceManagerUrl: to.apiUrl,
      authorityUrl: to.apiUrl,
      signIn: { scheme: 'secret', tenantId: to.tenantId, clientId: to.clientId, secret: to.clientSecret },
    },
    scope: to,
    network: { tls: { caFile: to.caFile } },
    userAgent: 'azureml-delivery-bench',
  });
}

/** The largest the process has been; the kernel's own figure where it keeps one, since a parent's counts for its child elsewhere. */
export function peakMemory(): number {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS * 1024;
}

/** Prints the result and ends the process. */
export function answer(work: Promise<unknown>): void {
  work.then(
    (result) => process.stdout.write(JSON.stringify(result), () => process.exit(0)),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      process.exit(1);
    },
  );
}
