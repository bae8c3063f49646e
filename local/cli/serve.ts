import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { readTaskCatalog } from '../runner/agent/task/catalog.ts';
import { isReleaseFile, openOrganization, readRelease, type Organization } from '../runner/index.ts';
import { Problem, wordsFor } from '../../shared/problem/index.ts';
import { releaseSettings } from './release.ts';
import { collect, pairs } from './pairs.ts';
import { settingsFor, type AnswerFlags } from './run.ts';
import { stateFolders } from './state.ts';

interface ServeFlags extends AnswerFlags {
  readonly port?: string;
  readonly connection?: string[];
  readonly secret?: string[];
}

/** `azureml-local serve`: stays, and starts what is asked for from outside. */
export function addServe(cli: Command, print: (line: string) => void): void {
  cli
    .command('serve <files...>')
    .description('take what starts runs: releases made over the REST API, incoming webhooks, schedules')
    .option('--port <number>', 'port to listen on (default: any free one)')
    .option('--secret <connection=secret>', 'what signs the payloads of an incoming webhook', collect)
    .option(
      '--connection <id=name>',
      'a connection a release names by its id, and what stands for it',
      collect,
    )
    .option('--approve [environments...]', 'approve all environments, or these, without asking')
    .option('--home <folder>', 'where workspace and runs are kept (default: .azureml-local)')
    .action((files: string[], flags: ServeFlags) => serve(files, flags, print));
}

async function serve(
  files: readonly string[],
  flags: ServeFlags,
  print: (line: string) => void,
): Promise<void> {
  files.forEach(checkThere);
  const folders = stateFolders(flags.home);
  const { address, settings } = await settingsFor(folders, flags);
  const terminal = { ...settings.terminal, isInteractive: false };
  const around = { address, folders, settings: { ...settings, terminal } };
  const release = await releaseSettings({ realTime: true }, around, pairs('connection', flags.connection));
  const catalog = await readTaskCatalog(release.taskFolders);
  const all = files.map((file) => path.resolve(file));
  const organization = await openOrganization({
    definitions: all
      .filter(isReleaseFile)
      .map((file, index) => ({ ...readRelease({ path: file, file, catalog }), file, id: index + 1 })),
    pipelines: all
      .filter((file) => !isReleaseFile(file))
      .map((file) => ({ file, repository: path.dirname(file) })),
    settings: release,
    runsFolder: folders.runs,
    secrets: pairs('secret', flags.secret),
    ...(flags.port && { port: Number(flags.port) }),
    failed: (error) => wordsFor(error).forEach(print),
  });
  lines(organization, all.filter(isReleaseFile)).forEach(print);
  await new Promise((resolve) => settings.interrupts?.cancel.addEventListener('abort', resolve));
  await organization.close();
}

/** Before a workspace is started for nothing. */
function checkThere(file: string): void {
  if (existsSync(file)) return;
  throw new Problem({
    code: 'file',
    message: 'There is no such file.',
    next: 'Give release definitions (.json) and pipelines (.yml).',
    place: { file },
  });
}

function lines(
  { collectionUri, project, token, webhooks }: Organization,
  definitions: readonly string[],
): string[] {
  return [
    `Serving ${collectionUri} (project ${project}) until Ctrl+C. Token: ${token}`,
    ...definitions.map((file, index) => `Release definition ${index + 1}: ${file}`),
    ...webhooks.map(
      ({ name, url, header, secret }) =>
        `Incoming webhook ${name}: ${url} (signed in ${header} with ${secret})`,
    ),
  ];
}
