import type { Draft, DraftMap } from '../../compilation.ts';
import { anyText, text } from '../../fields/basic.ts';
import { mapOf } from '../../fields/collections.ts';
import type { Field } from '../../fields/field.ts';
import { compute } from '../../references/compute.ts';
import { identity } from './settings.ts';
import { services } from './services.ts';

/** A text that may also be left empty, as tags and properties may. */
export const textOrNull: Field<string | null> = {
  expected: text.expected,
  acceptsNull: true,
  read: (node, scope) => (node.kind === 'scalar' && node.type === 'null' ? null : text.read(node, scope)),
};

/** Environment variables are text; numbers and truth values in them are written as Python writes them. */
export const variables: Field<Record<string, string>> = mapOf(anyText);

/** What every job has. */
export const baseShape = {
  name: text,
  display_name: text,
  description: text,
  tags: mapOf(textOrNull),
  properties: mapOf(textOrNull),
  experiment_name: text,
  compute,
  identity,
  services,
};

/** Keys of a job that the service sets: in a file they are left aside. */
export const READ_ONLY = ['$schema', 'id', 'status', 'creation_context', 'log_files', 'parameters'];

interface Base {
  readonly display_name: string | undefined;
  readonly description: string | undefined;
  readonly tags: Record<string, string | null> | undefined;
  readonly properties: Record<string, string | null> | undefined;
  readonly experiment_name: string | undefined;
  readonly compute: Draft | undefined;
  readonly identity: DraftMap | undefined;
  readonly services: Record<string, DraftMap> | undefined;
}

/** The members of the request that every job has. */
export function restBase(base: Base): Record<string, Draft | undefined> {
  return {
    displayName: base.display_name,
    description: base.description,
    tags: base.tags ?? {},
    properties: base.properties ?? {},
    experimentName: base.experiment_name,
    identity: base.identity,
    services: base.services,
    isArchived: false,
  };
}
