/** Licences of everything that is bundled into the tasks, found by what the bundler read. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../prepare.mjs';

/** One text with name, version, licence and licence text of every bundled package; throws for one without a licence. */
export async function thirdPartyNotices(metafiles) {
  const folders = new Set(
    metafiles
      .flatMap((metafile) => Object.keys(metafile.inputs))
      .flatMap((file) => packageFolder(file) ?? []),
  );
  const notices = await Promise.all([...folders].map(noticeOf));
  const unique = [...new Map(notices.map((notice) => [notice.title, notice])).values()].sort((a, b) =>
    a.title < b.title ? -1 : 1,
  );
  return [
    'The tasks of this extension contain the following packages.',
    ...unique.map(({ title, text }) => `${title}\n\n${text}`),
  ].join(`\n\n${'-'.repeat(80)}\n\n`);
}

function packageFolder(file) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0];
}

async function noticeOf(folder) {
  const absolute = path.join(root, folder);
  const { name, version, license } = JSON.parse(await readFile(path.join(absolute, 'package.json'), 'utf8'));
  const file = (await readdir(absolute)).find((entry) => /^(licen[cs]e|copying)(\.|$)/i.test(entry));
  if (!file && !license) throw new Error(`${name}@${version} is bundled and names no licence.`);
  const text = file ? (await readFile(path.join(absolute, file), 'utf8')).trim() : `Licence: ${license}`;
  return { title: `${name} ${version} (${license ?? 'see below'})`, text };
}
