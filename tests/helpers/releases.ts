import type { EnvironmentView, ReleaseSource, ReleaseView } from '../../local/devops/index.ts';

const TIME = '2026-01-02T03:04:05.678Z';
const ADA = { displayName: 'Ada Lovelace', uniqueName: 'ada@example.org' };

/** A release with stages of these names, of which none has started. */
export function exampleRelease(
  more: Partial<ReleaseView> = {},
  stages = ['Staging', 'Production'],
): ReleaseView {
  return {
    id: 3,
    name: 'Release-3',
    status: 'active',
    reason: 'manual',
    description: '',
    createdOn: TIME,
    modifiedOn: TIME,
    createdBy: ADA,
    modifiedBy: ADA,
    keepForever: false,
    tags: [],
    variables: {},
    artifacts: [],
    definition: { id: 1, name: 'diabetes', revision: 1, nameFormat: 'Release-$(rev:r)' },
    environments: stages.map((name, index) => exampleEnvironment(index + 1, name)),
    ...more,
  };
}

function exampleEnvironment(rank: number, name: string): EnvironmentView {
  return {
    id: rank,
    name,
    rank,
    status: 'notStarted',
    variables: {},
    triggerReason: 'Manual',
    definition: { id: rank, name, rank },
    approvals: [],
    attempts: [],
  };
}

/** Releases that only a test changes. */
export function releasesInMemory(
  releases: readonly ReleaseView[],
  mayManage = true,
): ReleaseSource & { find(id: number): ReleaseView } {
  const all = new Map(releases.map((one) => [one.id, one]));
  const find = (id: number): ReleaseView => {
    const found = all.get(id);
    if (!found) throw new Error(`There is no release ${id}.`);
    return found;
  };
  return {
    mayManage,
    find,
    releases: () => [...all.values()],
    definitions: () => [],
    deploy: () => undefined,
    answer: () => false,
    ignoreGates: () => false,
    update(id, { environmentVariables = new Map<number, never>(), ...change }) {
      const release = find(id);
      const environments = release.environments.map((one) => ({
        ...one,
        variables: environmentVariables.get(one.id) ?? one.variables,
      }));
      all.set(id, { ...release, ...change, environments, modifiedOn: new Date().toISOString() });
    },
  };
}
