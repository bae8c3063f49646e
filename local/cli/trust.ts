import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import tls from 'node:tls';

/** Variables by which Python, curl, OpenSSL and Node are told what to trust. */
const BUNDLE_VARIABLES = [
  'REQUESTS_CA_BUNDLE',
  'SSL_CERT_FILE',
  'CURL_CA_BUNDLE',
  'NODE_EXTRA_CA_CERTS',
  'PIP_CERT',
] as const;

/**
 * The environment in which a pipeline's own scripts trust the workspace's certificate beside all they trusted before:
 * one bundle of the workspace's CA, the developer's own bundles and Node's roots.
 */
export async function trustingEnvironment(
  caFile: string,
  environment: NodeJS.ProcessEnv,
): Promise<NodeJS.ProcessEnv> {
  const bundle = path.join(path.dirname(caFile), 'bundle.pem');
  const named = new Set(BUNDLE_VARIABLES.flatMap((name) => environment[name] ?? []));
  const own = [...named].filter((file) => file !== bundle);
  const parts = await Promise.all([caFile, ...own].map((file) => readFile(file, 'utf8').catch(() => '')));
  await writeFile(bundle, [...parts, ...tls.rootCertificates].join('\n'));
  return { ...environment, ...Object.fromEntries(BUNDLE_VARIABLES.map((name) => [name, bundle])) };
}
