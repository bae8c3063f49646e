/** How a running embedded workspace is reached; everything a service connection or a client needs. */
export interface WorkspaceAddress {
  readonly apiUrl: string;
  readonly blobUrl: string;
  readonly caFile: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly workspaceName: string;
  readonly location: string;
  /** A service principal this workspace trusts, for sign-in with a secret. */
  readonly clientId: string;
  readonly clientSecret: string;
  readonly processId: number;
}

export interface WorkspaceOptions {
  /** Folder that survives; created when missing. */
  readonly dataFolder: string;
  /** 0 or undefined: any free port, kept in the data folder for the next start. */
  readonly port?: number;
  /** Virtual environments; default: the user's cache folder. */
  readonly environmentsFolder?: string;
  /** Issuers whose OIDC tokens are accepted as client assertions (workload identity federation). */
  readonly trustedIssuers?: readonly string[];
}

export interface RunningWorkspace {
  readonly address: WorkspaceAddress;
  /** Stops jobs, endpoints and storage; nothing is left running. */
  stop(): Promise<void>;
}
