import type { Family } from '../family.ts';
import { typeOf } from '../family.ts';
import { onlineDeployment } from './deployment.ts';
import { onlineEndpoint } from './endpoint.ts';

/** An endpoint is managed, or Kubernetes where a compute is named. */
export const onlineEndpoints: Family<'onlineEndpoint'> = {
  noun: 'an online endpoint',
  choose: (root) => (root.entries.has('compute') ? 'kubernetesOnlineEndpoint' : 'managedOnlineEndpoint'),
  readers: {
    managedOnlineEndpoint: (root, scope) => onlineEndpoint(root, scope, 'managed'),
    kubernetesOnlineEndpoint: (root, scope) => onlineEndpoint(root, scope, 'kubernetes'),
  },
};

/** A deployment is managed, unless `type: kubernetes`. */
export const onlineDeployments: Family<'onlineDeployment'> = {
  noun: 'an online deployment',
  choose: (root) =>
    typeOf(root)?.toLowerCase() === 'kubernetes' ? 'kubernetesOnlineDeployment' : 'managedOnlineDeployment',
  readers: {
    managedOnlineDeployment: (root, scope) => onlineDeployment(root, scope, 'managed'),
    kubernetesOnlineDeployment: (root, scope) => onlineDeployment(root, scope, 'kubernetes'),
  },
};
