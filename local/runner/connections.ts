/** A service connection as Azure DevOps hands it to a task: endpoint URL, authorization, data. */
export interface ServiceConnection {
  /** Lower-case GUID; becomes the id in ENDPOINT_* variables. */
  readonly id: string;
  /** What YAML names in `azureSubscription`. */
  readonly name: string;
  readonly url: string;
  /** `None`: requests carry no sign-in. */
  readonly scheme: 'ServicePrincipal' | 'WorkloadIdentityFederation' | 'ManagedServiceIdentity' | 'None';
  readonly parameters: Readonly<Record<string, string>>;
  readonly data: Readonly<Record<string, string>>;
}
