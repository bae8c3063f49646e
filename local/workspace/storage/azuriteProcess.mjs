/**
 * The blob service as a process of its own. It loads Azurite's blob server directly: its command line would first load
 * SQL and telemetry libraries that are not used here, so no telemetry can be sent either.
 * Settings come as JSON in AZURITE_SETTINGS, account name and key in AZURITE_ACCOUNTS; the parent is told over IPC.
 * Without a parent there is nothing to serve: when the channel closes, the service flushes and ends.
 */
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);
const { default: BlobConfiguration } = require('azurite/dist/src/blob/BlobConfiguration.js');
const { default: BlobServer } = require('azurite/dist/src/blob/BlobServer.js');
const Logger = require('azurite/dist/src/common/Logger.js');

const { port, folder, certFile, keyFile } = JSON.parse(process.env.AZURITE_SETTINGS);
const KEEP_ALIVE_IN_SECONDS = 5;
const accessLog = false;
const debugLog = false;
const loose = true;
const skipApiVersionCheck = true;

const configuration = new BlobConfiguration(
  '127.0.0.1',
  port,
  KEEP_ALIVE_IN_SECONDS,
  path.join(folder, 'blobs.json'),
  path.join(folder, 'extents.json'),
  [{ locationId: 'Default', locationPath: path.join(folder, 'extents'), maxConcurrency: 50 }],
  accessLog,
  undefined,
  debugLog,
  undefined,
  loose,
  skipApiVersionCheck,
  certFile,
  keyFile,
);

mkdirSync(folder, { recursive: true });
Logger.configLogger(debugLog, undefined);
const server = new BlobServer(configuration);

let closing = false;
async function close() {
  if (closing) return;
  closing = true;
  await started.catch(() => undefined);
  await server.close().catch(() => undefined);
  process.exit();
}

process.on('disconnect', close);
process.on('message', (message) => message === 'stop' && void close());
// Ctrl+C reaches the whole process group; the parent decides when storage ends.
process.on('SIGINT', () => {});
process.on('SIGTERM', close);

const started = server.start();
started.then(
  () => process.send?.({ ready: true }),
  (error) => {
    process.exitCode = 1;
    process.send?.({ failed: String(error.message), inUse: error.code === 'EADDRINUSE' }, close);
  },
);
