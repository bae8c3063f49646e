import { readFile, rename, writeFile } from 'node:fs/promises';
import { rootCertificates } from 'node:tls';

/** Variables by which this machine's user names the authorities that are trusted here. */
const OWN_BUNDLES = ['REQUESTS_CA_BUNDLE', 'SSL_CERT_FILE', 'CURL_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS'];
const SYSTEM_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/cert.pem',
];

/** Writes one file with every authority a job may meet: this workspace's, the user's, the system's, Mozilla's. */
export async function writeCaBundle(caFile: string, target: string): Promise<void> {
  const files = [caFile, ...OWN_BUNDLES.flatMap((name) => process.env[name] ?? []), ...SYSTEM_BUNDLES];
  const texts = await Promise.all([...new Set(files)].map((file) => readFile(file, 'utf8').catch(() => '')));
  const certificates = [...texts.flatMap(certificatesIn), ...rootCertificates];
  const draft = `${target}.${process.pid}.new`;
  await writeFile(draft, `${[...new Set(certificates)].join('\n')}\n`);
  await rename(draft, target);
}

function certificatesIn(text: string): string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
}
