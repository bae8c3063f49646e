import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { checkLinks } from '../../scripts/checks/links.mjs';

describe('The check of links', () => {
  let project: string;

  before(async () => {
    project = await mkdtemp(path.join(os.tmpdir(), 'links-'));
    execFileSync('git', ['init', '-q'], { cwd: project });
    await writeFile(path.join(project, 'other.md'), '# What is it?\n\n## What is it?\n');
  });

  after(() => rm(project, { recursive: true, force: true }));

  async function check(text: string): Promise<string[]> {
    await writeFile(path.join(project, 'page.md'), text);
    return checkLinks(project);
  }

  it('is content with files, headings and addresses', async () => {
    const text = '# Top\n[a](other.md) [b](other.md#what-is-it-1) [c](#top) [d](https://example.org/x#y)';
    assert.deepEqual(await check(text), []);
  });

  it('names a file that is not there', async () => {
    assert.deepEqual(await check('[a](gone.md)'), ["page.md: 'gone.md' leads nowhere."]);
  });

  it('names a heading that is not there', async () => {
    assert.deepEqual(await check('[a](other.md#gone)'), [
      "page.md: 'other.md#gone' names no heading of that page.",
    ]);
  });

  it('names a picture that is not there', async () => {
    assert.deepEqual(await check('![a](images/gone.png)'), ["page.md: 'images/gone.png' leads nowhere."]);
  });

  it('names a link out of the project', async () => {
    assert.deepEqual(await check('[a](../elsewhere.md)'), [
      "page.md: '../elsewhere.md' leads out of the project.",
    ]);
  });

  it('leaves what is only quoted alone', async () => {
    assert.deepEqual(await check('`[a](gone.md)`\n\n```md\n[a](gone.md)\n```\n'), []);
  });
});
