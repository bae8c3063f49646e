#!/usr/bin/env node
import { existsSync } from 'node:fs';

const cli = new URL('../build/local/cli.mjs', import.meta.url);
if (!existsSync(cli)) {
  process.stderr.write(
    'azureml-local is not built yet. Run "npm run build" (or "npm start", which does it for you).\n',
  );
  process.exit(1);
}
await import(cli.href);
