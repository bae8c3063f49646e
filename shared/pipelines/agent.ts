import * as tl from 'azure-pipelines-task-lib/task.js';

/** A pipeline variable, as the agent named it (`Build.BuildId`); undefined when unset or empty. */
export function variable(name: string): string | undefined {
  return tl.getVariable(name) || undefined;
}

/** What the agent tells a task about the network: the proxy with its bypass list, a private CA, a client certificate. */
export interface AgentNetwork {
  readonly proxy?: {
    readonly url: string;
    readonly username?: string;
    readonly password?: string;
    /** Regular expressions of host names that are reached directly. */
    readonly bypass: readonly string[];
  };
  readonly tls?: {
    readonly caFile?: string;
    readonly certFile?: string;
    readonly keyFile?: string;
    readonly passphrase?: string;
  };
}

export function agentNetwork(): AgentNetwork {
  const proxy = tl.getHttpProxyConfiguration();
  const cert = tl.getHttpCertConfiguration();
  return {
    ...(proxy && {
      proxy: {
        url: proxy.proxyUrl,
        ...(proxy.proxyUsername && { username: proxy.proxyUsername }),
        ...(proxy.proxyPassword && { password: proxy.proxyPassword }),
        bypass: proxy.proxyBypassHosts ?? [],
      },
    }),
    ...(cert && {
      tls: {
        ...(cert.caFile && { caFile: cert.caFile }),
        ...(cert.certFile && { certFile: cert.certFile }),
        ...(cert.keyFile && { keyFile: cert.keyFile }),
        ...(cert.passphrase && { passphrase: cert.passphrase }),
      },
    }),
  };
}

const given = new Map<string, string>();

/** Sets an output variable of this step; its name must be listed under outputVariables in task.json, or start with `metric_`. */
export function setOutput(name: string, value: string, options: { isSecret?: boolean } = {}): void {
  if (options.isSecret !== true) given.set(name, value);
  tl.setVariable(name, value, options.isSecret ?? false, true);
}

/** The outputs that were set so far, but for secret ones. */
export function givenOutputs(): ReadonlyMap<string, string> {
  return given;
}

/** A shorter last line of a certificate would be hidden wherever its letters stand, and tells nothing. */
const SHORTEST_LINE = 8;

/** Registers every line of a secret with the agent's mask; a multi-line secret would otherwise be masked only as a whole. */
export function maskSecret(secret: string): void {
  const lines = secret.split(/\r?\n/).filter((line) => line.trim() !== '');
  for (const line of lines) if (lines.length === 1 || line.length >= SHORTEST_LINE) tl.setSecret(line);
}
