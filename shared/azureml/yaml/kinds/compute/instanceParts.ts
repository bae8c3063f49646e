import type { DraftMap } from '../../compilation.ts';
import type { YamlNode } from '../../document/node.ts';
import { draft, mapValues } from '../../draft.ts';
import { everythingAsText, integer, oneOf, text } from '../../fields/basic.ts';
import { listOf, mapOf, record } from '../../fields/collections.ts';
import { mapped, required, type Field } from '../../fields/field.ts';
import type { Scope } from '../../fields/scope.ts';

const script: Field<DraftMap> = mapped(
  record({ path: text, command: text, timeout_minutes: integer }),
  (read) =>
    draft({
      scriptSource: 'workspaceStorage',
      scriptData: read.path,
      scriptArguments: read.command,
      timeout: read.timeout_minutes === undefined ? undefined : `${read.timeout_minutes}m`,
    }),
);

/** Scripts in the workspace's storage that run when an instance is made, or starts. */
export const setupScripts: Field<DraftMap> = mapped(
  record({ creation_script: script, startup_script: script }),
  (read) => ({
    scripts: draft({ creationScript: read.creation_script, startupScript: read.startup_script }),
  }),
);

const port: Field<number> = mapped(integer, (value, node, scope) =>
  value > 1025 && value < 65535
    ? value
    : scope.refuse(node.at, `${scope.subject()} must be between 1026 and 65534, not ${value}.`),
);
const endpoint: Field<DraftMap> = mapped(
  record({ target: required(port), published: required(port) }),
  (read) => draft({ name: 'connect', protocol: 'http', target: read.target, published: read.published }),
);
const mount: Field<DraftMap> = mapped(record({ source: required(text), target: required(text) }), (read) =>
  draft({ type: 'bind', readOnly: false, source: read.source, target: read.target }),
);

const application: Field<DraftMap> = mapped(
  record({
    name: required(text),
    type: oneOf(['docker']),
    image: required(record({ reference: required(text) })),
    endpoints: required(listOf(endpoint)),
    environment_variables: mapOf(everythingAsText),
    bind_mounts: listOf(mount),
  }),
  (read) =>
    draft({
      name: read.name,
      type: 'docker',
      docker: { privileged: true },
      image: draft({ type: 'docker', reference: read.image?.reference }),
      endpoints: nonEmpty(read.endpoints),
      environmentVariables: variablesOf(read.environment_variables ?? {}),
      volumes: nonEmpty(read.bind_mounts),
    }),
);

function nonEmpty<T>(items: readonly T[] | undefined): readonly T[] | undefined {
  return items && items.length > 0 ? items : undefined;
}

function variablesOf(variables: Readonly<Record<string, string>>): DraftMap | undefined {
  if (Object.keys(variables).length === 0) return undefined;
  return mapValues(variables, (value) => ({ type: 'local', value }));
}

/** Containers with a web interface; no two may share a name or a port. */
export const customApplications: Field<DraftMap[] | undefined> = mapped(
  listOf(application),
  (read, node, scope) => {
    const ports = read.flatMap((app) => (Array.isArray(app['endpoints']) ? app['endpoints'] : []));
    refuseTwice(
      read.map((app) => app['name']),
      'name',
      { node, scope },
    );
    refuseTwice(
      ports.map((item: DraftMap) => item['published']),
      'published port',
      { node, scope },
    );
    return read.length > 0 ? read : undefined;
  },
);

function refuseTwice(values: readonly unknown[], what: string, at: { node: YamlNode; scope: Scope }): void {
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined)
    at.scope.refuse(at.node.at, `Two custom applications have the ${what} '${String(twice)}'.`);
}
