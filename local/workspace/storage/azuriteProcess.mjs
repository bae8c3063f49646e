/**
 * The blob service as a process of its own. It loads Azurite's blob server directly, without the SQL store its command
 * line would load first, and switches telemetry off before anything is served.
 * Settings come as JSON in AZURITE_SETTINGS, account name and key in AZURITE_ACCOUNTS; the parent is told over IPC.
 * Which faults befall a request is the parent's to say, over the same channel.
 * Without a parent there is nothing to serve: when the channel closes, the service flushes and ends.
 */
import configurationModule from 'azurite/dist/src/blob/BlobConfiguration.js';
import serverModule from 'azurite/dist/src/blob/BlobServer.js';
import Logger from 'azurite/dist/src/common/Logger.js';
import telemetryModule from 'azurite/dist/src/common/Telemetry.js';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { standBefore } from './faultGate.mjs';

const { default: BlobConfiguration } = configurationModule;
const { default: BlobServer } = serverModule;

const { port, folder, certFile, keyFile, account, ownAgent } = JSON.parse(process.env.AZURITE_SETTINGS);
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
telemetryModule.AzuriteTelemetryClient.init(folder, false, undefined);
Logger.configLogger(debugLog, undefined);
const server = new BlobServer(configuration);

const fates = new Map();
let asked = 0;
const gate = standBefore(server.httpServer, {
  account,
  ownAgent,
  ask: (request) =>
    new Promise((resolve) => {
      asked += 1;
      fates.set(asked, resolve);
      process.send?.({ meet: asked, ...request });
    }),
});

/** Azurite writes what it knows of blobs every 5 s; this does it now, extents before the blobs that refer to them. */
async function flush(id) {
  try {
    for (const { db } of [server.extentMetadataStore, server.metadataStore]) await save(db);
    process.send?.({ done: id });
  } catch (error) {
    process.send?.({ done: id, failed: String(error) });
  }
}

function save(db) {
  if (!db.autosaveDirty() && !db.throttledSavePending) return undefined;
  return new Promise((resolve, reject) => db.saveDatabase((error) => (error ? reject(error) : resolve())));
}

let closing = false;
async function close() {
  if (closing) return;
  closing = true;
  await started.catch(() => undefined);
  await server.close().catch(() => undefined);
  process.exit();
}

process.on('disconnect', close);
process.on('message', (message) => {
  if (message === 'stop') void close();
  else if (message.flush) void flush(message.flush);
  else if ('gate' in message) {
    gate.closed = message.gate;
    process.send?.({ done: message.id });
  } else if (message.met) {
    fates.get(message.met)(message.fate);
    fates.delete(message.met);
  }
});
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
