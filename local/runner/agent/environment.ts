import path from 'node:path';
import { SYSTEM_ENDPOINT, type Endpoint } from './endpoints.ts';
import { environmentName, type Variable } from './variables/variables.ts';

/**
 * What of the developer's own environment an agent would have too: where programs and homes are, language, network,
 * package sources. `NAME_*` stands for a prefix. All else stays out, so that a run here is a run on a clean machine.
 */
const PASSED_THROUGH = [
  ...[
    'PATH',
    'HOME',
    'USER',
    'LOGNAME',
    'SHELL',
    'TMPDIR',
    'TZ',
    'LANG',
    'LANGUAGE',
    'LC_*',
    'XDG_CACHE_HOME',
  ],
  ...[
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'NO_PROXY',
    'ALL_PROXY',
    'http_proxy',
    'https_proxy',
    'no_proxy',
    'all_proxy',
  ],
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS'],
  ...['PIP_*', 'UV_*', 'CONDA_*', 'PYENV_*', 'NPM_CONFIG_*', 'npm_config_*'],
  ...[
    'SystemRoot',
    'SystemDrive',
    'windir',
    'ComSpec',
    'PATHEXT',
    'OS',
    'TEMP',
    'TMP',
    'USERPROFILE',
    'USERNAME',
  ],
  ...[
    'APPDATA',
    'LOCALAPPDATA',
    'ProgramData',
    'ProgramFiles',
    'ProgramFiles(x86)',
    'HOMEDRIVE',
    'HOMEPATH',
    'Path',
  ],
  ...['NUMBER_OF_PROCESSORS', 'PROCESSOR_ARCHITECTURE', 'PSModulePath'],
];

/** The environment of the agent process, from which every step's own is made. */
export function agentEnvironment(
  own: Readonly<Record<string, string | undefined>>,
  more: readonly string[] = [],
): Record<string, string> {
  const patterns = [...PASSED_THROUGH, ...more];
  const passes = (name: string): boolean =>
    patterns.some((pattern) =>
      pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
    );
  return present(Object.fromEntries(Object.entries(own).filter(([name]) => passes(name))));
}

export interface StepEnvironment {
  readonly agent: Readonly<Record<string, string>>;
  /** The step's own `env:`, expanded. */
  readonly step: ReadonlyMap<string, string>;
  readonly variables: readonly Variable[];
  readonly prependedPaths: readonly string[];
  readonly systemEndpoint: Endpoint;
  readonly lookupId: Readonly<Record<string, string>>;
}

/** What a script sees: the agent strips secrets and inputs before it starts one, so a secret comes in by `env:` alone. */
export function scriptEnvironment(environment: StepEnvironment): Record<string, string> {
  const all = {
    ...environment.agent,
    ...Object.fromEntries(environment.step),
    ...publicVariables(environment.variables),
    [`ENDPOINT_URL_${SYSTEM_ENDPOINT}`]: environment.systemEndpoint.url,
    ...environment.lookupId,
  };
  return withPath(all, environment.prependedPaths);
}

export interface TaskEnvironment extends StepEnvironment {
  readonly inputs: ReadonlyMap<string, string>;
  readonly endpoints: readonly Endpoint[];
  readonly taskVariables: readonly Variable[];
}

/** What a Node task sees; a job variable wins over `env:` of the same name. */
export function taskEnvironment(environment: TaskEnvironment): Record<string, string> {
  const { variables } = environment;
  const names = (isSecret: boolean): string =>
    JSON.stringify(variables.filter((one) => one.isSecret === isSecret).map((one) => one.name));
  const all = {
    ...environment.agent,
    ...Object.fromEntries(environment.step),
    ...Object.fromEntries(
      [...environment.inputs].map(([name, value]) => [`INPUT_${environmentName(name)}`, value]),
    ),
    ...[environment.systemEndpoint, ...environment.endpoints].reduce(addEndpoint, {}),
    ...publicVariables(variables),
    ...secretVariables(variables),
    VSTS_PUBLIC_VARIABLES: names(false),
    VSTS_SECRET_VARIABLES: names(true),
    ...Object.fromEntries(
      environment.taskVariables.map((one) => [`VSTS_TASKVARIABLE_${nameOf(one)}`, one.value]),
    ),
    ...environment.lookupId,
  };
  return withPath(all, environment.prependedPaths);
}

const nameOf = (variable: Variable): string => environmentName(variable.name, variable.preserveCase);

function publicVariables(variables: readonly Variable[]): Record<string, string> {
  const open = variables.filter((one) => !one.isSecret);
  const status = open.find((one) => one.name.toLowerCase() === 'agent.jobstatus');
  return {
    ...Object.fromEntries(open.map((one) => [nameOf(one), one.value])),
    ...(status && { 'agent.jobstatus': status.value }),
  };
}

function secretVariables(variables: readonly Variable[]): Record<string, string> {
  const secret = variables.filter((one) => one.isSecret);
  return Object.fromEntries(secret.map((one) => [`SECRET_${nameOf(one)}`, one.value]));
}

function addEndpoint(env: Record<string, string>, endpoint: Endpoint): Record<string, string> {
  const { id, url, scheme, parameters, data } = endpoint;
  const one: Record<string, string> = {
    [`ENDPOINT_URL_${id}`]: url,
    [`ENDPOINT_AUTH_${id}`]: JSON.stringify({ scheme, parameters: Object.fromEntries(parameters) }),
    [`ENDPOINT_AUTH_SCHEME_${id}`]: scheme,
  };
  for (const [key, value] of parameters) one[`ENDPOINT_AUTH_PARAMETER_${id}_${environmentName(key)}`] = value;
  if (id === SYSTEM_ENDPOINT) return { ...env, ...one };
  one[`ENDPOINT_DATA_${id}`] = JSON.stringify(Object.fromEntries(data));
  for (const [key, value] of data) one[`ENDPOINT_DATA_${id}_${environmentName(key)}`] = value;
  return { ...env, ...one };
}

function withPath(env: Record<string, string>, prepended: readonly string[]): Record<string, string> {
  if (prepended.length === 0) return env;
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  return {
    ...env,
    [name]: [...prepended.toReversed(), env[name] ?? ''].filter(Boolean).join(path.delimiter),
  };
}

function present(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const entries = Object.entries(env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries(entries);
}
