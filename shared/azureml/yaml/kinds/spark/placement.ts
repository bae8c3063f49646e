import type { Draft, DraftMap } from '../../compilation.ts';
import type { YamlMap } from '../../document/node.ts';
import { oneOf, version } from '../../fields/basic.ts';
import { record } from '../../fields/collections.ts';
import { mapped, required, type Field } from '../../fields/field.ts';
import type { Scope } from '../../fields/scope.ts';
import { draft } from '../../draft.ts';
import { bindable } from '../pipeline/binding.ts';

const SIZES = [
  'standard_e4s_v3',
  'standard_e8s_v3',
  'standard_e16s_v3',
  'standard_e32s_v3',
  'standard_e64s_v3',
] as const;

/** One of the sizes the service has for Spark, in the spelling of the file. */
const size: Field<string> = mapped(oneOf(SIZES), (_, node) =>
  node.kind === 'scalar' ? node.text : undefined,
);

/** A version of Spark: numbers with dots between them. */
const runtime: Field<string> = mapped(version, (given, node, scope) =>
  /^\d+(?:\.\d+)*$/.test(given) ? given : scope.unexpected(node, 'a version such as "3.4"'),
);

/** A machine of the service for Spark, in the file's words. */
export const sparkResources: Field<DraftMap> = mapped(
  record({ instance_type: required(bindable(size)), runtime_version: required(bindable(runtime)) }),
  (read) => draft(read),
);

/** Spark runs either on an attached pool or on machines of the service. */
export function checkPlacement(
  { compute, resources }: { compute: Draft | undefined; resources: DraftMap | undefined },
  node: YamlMap,
  scope: Scope,
): void {
  const isSet = (key: string, value: unknown) => value !== undefined || node.entries.has(key);
  const [hasCompute, hasResources] = [isSet('compute', compute), isSet('resources', resources)];
  if (hasCompute && hasResources) {
    scope.refuse(node.at, "Spark runs on a 'compute' or on 'resources', not on both.");
  } else if (!hasCompute && !hasResources) {
    scope.refuse(node.at, "Spark needs a 'compute' or 'resources' (instance_type and runtime_version).");
  }
}

/** Who the job is where the file does not say: the pool's own identity, else the user. */
export function identityOf(given: DraftMap | undefined, compute: Draft | undefined): DraftMap {
  return given ?? { identityType: compute === undefined ? 'UserIdentity' : 'Managed' };
}
