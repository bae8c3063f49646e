import { X509Certificate, webcrypto } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TlsFiles } from '../context.ts';

const DAY_IN_MS = 24 * 60 * 60 * 1000;
/** Clients refuse server certificates that live longer than 825 days. */
const LIFETIME_IN_MS = 800 * DAY_IN_MS;
const RENEW_BEFORE_IN_MS = 30 * DAY_IN_MS;
const DNS_NAMES = ['localhost', '*.localhost', '*.blob.core.localhost', '*.dfs.core.localhost'];
const ADDRESSES = ['127.0.0.1', '::1'];
const KEY_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** The certificate files below `folder`; made when missing or about to expire, otherwise the same at every start. */
export async function ensureCertificates(folder: string, now: Date): Promise<TlsFiles> {
  const files = {
    caFile: path.join(folder, 'ca.pem'),
    certFile: path.join(folder, 'server.pem'),
    keyFile: path.join(folder, 'server.key'),
  };
  if (!(await areUsable(files, now))) await makeCertificates(folder, files, now);
  return files;
}

async function areUsable(files: TlsFiles, now: Date): Promise<boolean> {
  const [ca, certificate, key] = await Promise.all(
    [files.caFile, files.certFile, files.keyFile].map((file) =>
      readFile(file, 'utf8').catch(() => undefined),
    ),
  );
  if (ca === undefined || certificate === undefined || key === undefined) return false;
  const parsed = new X509Certificate(certificate);
  const signedByCa = parsed.verify(new X509Certificate(ca).publicKey);
  return signedByCa && Date.parse(parsed.validTo) - now.getTime() > RENEW_BEFORE_IN_MS;
}

async function makeCertificates(folder: string, files: TlsFiles, now: Date): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { caPem, certificatePem, keyPem } = await signCertificates(now);
  await writeWhole(files.keyFile, keyPem, 0o600);
  await writeWhole(files.certFile, certificatePem, 0o644);
  await writeWhole(files.caFile, caPem, 0o644);
}

/** The authority's private key is never written: nothing else can be signed with it. */
async function signCertificates(
  now: Date,
): Promise<{ caPem: string; certificatePem: string; keyPem: string }> {
  // Loaded here only: it is needed once in a data folder's life, and start-up must stay quick.
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const validity = {
    notBefore: new Date(now.getTime() - DAY_IN_MS),
    notAfter: new Date(now.getTime() + LIFETIME_IN_MS),
  };
  const caKeys = await newKeys();
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Azure ML embedded workspace (this machine only)',
    keys: caKeys,
    signingAlgorithm: KEY_ALGORITHM,
    ...validity,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(caKeys.publicKey),
    ],
  });
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    subject: 'CN=localhost',
    issuer: ca.subject,
    publicKey: keys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm: KEY_ALGORITHM,
    ...validity,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        ...DNS_NAMES.map((value) => ({ type: 'dns' as const, value })),
        ...ADDRESSES.map((value) => ({ type: 'ip' as const, value })),
      ]),
      // Python 3.13 verifies strictly and asks for both key identifiers.
      await x509.AuthorityKeyIdentifierExtension.create(caKeys.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    caPem: ca.toString('pem'),
    certificatePem: certificate.toString('pem'),
    keyPem: await privateKeyPem(keys),
  };
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(KEY_ALGORITHM, true, ['sign', 'verify']);
}

async function privateKeyPem(keys: webcrypto.CryptoKeyPair): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const lines = der.match(/.{1,64}/g) ?? [];
  return ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n');
}

/** A reader sees the old file or the new one, never half of it. */
async function writeWhole(file: string, text: string, mode: number): Promise<void> {
  const draft = `${file}.${process.pid}.new`;
  await writeFile(draft, text.endsWith('\n') ? text : `${text}\n`, { mode });
  await rename(draft, file);
}
