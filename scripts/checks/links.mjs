/** A link in a Markdown file leads to a file of the project, and to a heading that is there. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** Relative links of all Markdown files Git knows or would add that lead nowhere. */
export async function checkLinks(root) {
  const listed = spawnSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (listed.status !== 0) return [`git could not list the files: ${listed.stderr}`];
  const files = listed.stdout.split('\n').filter((file) => file && existsSync(path.join(root, file)));
  return (await Promise.all(files.map((file) => deadLinksOf(root, file)))).flat();
}

async function deadLinksOf(root, file) {
  const text = await readFile(path.join(root, file), 'utf8');
  const links = await linksIn(text);
  const problems = await Promise.all(links.map((link) => problemOf(root, file, link)));
  return problems.filter(Boolean).map((problem) => `${file}: ${problem}`);
}

async function linksIn(text) {
  const { marked } = await import('marked');
  const found = [];
  marked.walkTokens(marked.lexer(text), (token) => {
    if (token.type === 'link' || token.type === 'image') found.push(token.href);
  });
  return found.filter((link) => !/^[a-z][a-z0-9+.-]*:/i.test(link));
}

async function problemOf(root, file, link) {
  const [name, anchor] = decodeURI(link).split('#');
  const target = name ? path.resolve(root, path.dirname(file), name) : path.join(root, file);
  if (path.relative(root, target).startsWith('..')) return `'${link}' leads out of the project.`;
  if (!existsSync(target)) return `'${link}' leads nowhere.`;
  if (!anchor || !target.endsWith('.md')) return undefined;
  const anchors = await anchorsOf(target);
  return anchors.includes(anchor) ? undefined : `'${link}' names no heading of that page.`;
}

/** As GitHub makes them: lower case, spaces to hyphens, other marks dropped, a number for repetitions. */
async function anchorsOf(file) {
  const { marked } = await import('marked');
  const seen = new Map();
  return marked
    .lexer(await readFile(file, 'utf8'))
    .filter((token) => token.type === 'heading')
    .map(({ text }) => {
      const plain = text
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
        .replaceAll(' ', '-');
      const count = seen.get(plain) ?? 0;
      seen.set(plain, count + 1);
      return count === 0 ? plain : `${plain}-${count}`;
    });
}
