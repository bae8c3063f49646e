import { Reference, type Draft, type DraftMap } from '../../compilation.ts';
import { draft } from '../../draft.ts';
import type { Resources } from '../job/settings.ts';

/** Members a specification is made of, whether it comes from a component's file or from a step with a command. */
export interface SpecParts {
  readonly command: string | undefined;
  readonly code: Draft | undefined;
  readonly environment: Draft | undefined;
  readonly inputs: DraftMap;
  readonly outputs: DraftMap;
  readonly resources: Resources | undefined;
  readonly distribution: DraftMap | undefined;
  readonly description: string | undefined;
  readonly tags: DraftMap | undefined;
}

export type ComponentSource = 'YAML.JOB' | 'YAML.COMPONENT';

/** A command component as the service keeps it: the file's own words, ids written with `azureml:` in front. */
export function commandSpec(parts: SpecParts): DraftMap {
  return draft({
    type: 'command',
    command: parts.command,
    code: parts.code === undefined ? undefined : prefixed(parts.code),
    environment: parts.environment === undefined ? undefined : prefixed(parts.environment),
    inputs: nonEmpty(parts.inputs),
    outputs: nonEmpty(parts.outputs),
    resources: parts.resources && specResources(parts.resources),
    distribution: parts.distribution,
    description: parts.description,
    tags: parts.tags && nonEmpty(parts.tags),
  });
}

/** `azureml:` goes before ARM ids only; registry ids and curated environments are complete. */
export function prefixed(id: Draft): Draft {
  if (id instanceof Reference) return new Reference(id.target, id.place, 'azureml:');
  return typeof id === 'string' && id.startsWith('/') ? `azureml:${id}` : id;
}

export function nonEmpty(map: DraftMap): DraftMap | undefined {
  return Object.keys(map).length > 0 ? map : undefined;
}

/** The free `properties` of resources are no part of a specification. */
export function specResources({ properties: _, ...resources }: Resources): DraftMap {
  return draft(resources);
}

/** The request that creates a component version; an anonymous one is named after its content when it is sent. */
export function componentBody(
  spec: DraftMap,
  {
    source,
    isAnonymous,
    properties,
  }: { source: ComponentSource; isAnonymous: boolean; properties?: DraftMap },
): DraftMap {
  return {
    properties: draft({
      componentSpec: { ...spec, _source: source },
      description: spec['description'],
      tags: spec['tags'] ?? {},
      properties: properties ?? {},
      isAnonymous,
      // Left out for pipelines, as the reference client does.
      isArchived: spec['type'] === 'pipeline' ? undefined : false,
    }),
  };
}

export const ANONYMOUS_COMPONENT = { name: 'azureml_anonymous', version: '1' } as const;
