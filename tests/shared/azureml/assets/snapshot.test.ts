import assert from 'node:assert/strict';
import { mkdir, symlink } from 'node:fs/promises';
import { contentHash, objectHash } from '../../../../shared/azureml/assets/snapshot/hash.ts';
import { parseIgnoreRules } from '../../../../shared/azureml/assets/snapshot/ignore.ts';
import { takeSnapshot } from '../../../../shared/azureml/assets/snapshot/walk.ts';
import { Problem } from '../../../../shared/problem/index.ts';
import { codeFolder, testFolder, type TestFolder } from './codeFolder.ts';

describe('a snapshot of a code folder', () => {
  let folder: TestFolder;
  before(async () => (folder = await codeFolder()));
  after(() => folder.remove());

  it('holds what the ignore file leaves, the ignore file itself, and linked files under the name of the link', async () => {
    const snapshot = await takeSnapshot(folder.at('code'), {});
    assert.deepEqual(snapshot.files.map(({ name }) => name).sort(), [
      '.amlignore',
      '.gitignore',
      'A.txt',
      'b.txt',
      'empty.txt',
      'keep.log',
      'link.txt',
      'linked/o.txt',
      'sub/C.py',
      'sub/é.txt',
    ]);
    assert.deepEqual([...snapshot.links].sort(), ['link.txt', 'linked']);
  });

  it('has the content hash and the object hash that azure-ai-ml 1.35.2 computes for the same folder', async () => {
    const snapshot = await takeSnapshot(folder.at('code'), {});
    const content = await contentHash(snapshot);
    const object = await objectHash(snapshot);
    assert.equal(content.hash, 'bffb317bbd189809273c62f20966b05f15ba8816a1efe639d655764038c597f9');
    assert.equal(object.hash, 'e8e18dfc75b3fc5fbfa0a373706e278e885e337f58cbd3398bc4827a01be0b10');
    assert.equal(object.md5.size, snapshot.files.length);
  });

  it('of a single file has the hashes of that client too', async () => {
    const snapshot = await takeSnapshot(folder.at('code/b.txt'), {});
    assert.deepEqual(
      snapshot.files.map(({ name }) => name),
      ['b.txt'],
    );
    assert.equal(
      (await contentHash(snapshot)).hash,
      '7b324073e5438a7e331f27041cd4489ee41708adc6e8946ab9877caefc16ef47',
    );
    assert.equal(
      (await objectHash(snapshot)).hash,
      '95c0c1b0c4e31042364f83ee9122ee2d250657bb3ce8fd478b78011938720398',
    );
  });

  it('changes its hash with one byte, one name, or a file more', async () => {
    const other = await codeFolder();
    const hashNow = async () => (await contentHash(await takeSnapshot(other.at('code'), {}))).hash;
    const hashes = [await hashNow()];
    await other.write('code/A.txt', 'y');
    hashes.push(await hashNow());
    await other.write('code/B2.txt', '');
    hashes.push(await hashNow());
    assert.equal(new Set(hashes).size, 3);
    await other.remove();
  });
});

describe('a code folder that cannot be sent', () => {
  let folder: TestFolder;
  beforeEach(async () => (folder = await testFolder()));
  afterEach(() => folder.remove());

  const refusal = async (name: string): Promise<Problem> => {
    const place = { file: 'job.yml', line: 3, column: 7 };
    const error = await takeSnapshot(folder.at(name), place).catch((caught: unknown) => caught);
    assert.ok(error instanceof Problem);
    assert.deepEqual(error.place, place);
    return error;
  };

  it('because a link leads back to a folder it lies in is refused with both names', async () => {
    await folder.write('code/a/b.py', '');
    await symlink('..', folder.at('code/a/up'));
    assert.match((await refusal('code')).message, /up points at .*code, a folder it lies in/);
  });

  it('because two links lead to each other is refused', async () => {
    await folder.write('one/a.py', '');
    await folder.write('two/b.py', '');
    await symlink('../two', folder.at('one/two'));
    await symlink('../one', folder.at('two/one'));
    assert.match((await refusal('one')).message, /never end|lies in/);
  });

  it('because a link points at nothing is refused, unless the link is ignored', async () => {
    await folder.write('code/a.py', '');
    await symlink('gone', folder.at('code/broken'));
    assert.match((await refusal('code')).message, /broken points at nothing/);
    await folder.write('code/.amlignore', 'broken\n');
    assert.equal((await takeSnapshot(folder.at('code'), {})).files.length, 2);
  });

  it('because nothing is left in it is refused', async () => {
    await mkdir(folder.at('code/empty'), { recursive: true });
    assert.match((await refusal('code')).message, /no files to send/);
  });

  it('because it is not there is refused', async () => {
    assert.match((await refusal('nowhere')).message, /no such file or folder/);
  });
});

describe('ignore rules', () => {
  const ignored = (rules: string, file: string) => parseIgnoreRules(rules).isIgnored(file);

  it('match names in any folder, paths from the root, and everything below a folder', () => {
    assert.ok(ignored('*.pyc', 'a/b/c.pyc'));
    assert.ok(ignored('/data', 'data/x.csv'));
    assert.ok(!ignored('/data', 'a/data/x.csv'));
    assert.ok(ignored('data/', 'a/data/x.csv'));
    assert.ok(!ignored('data/', 'a/data'));
    assert.ok(ignored('**/x/**', 'q/x/z'));
  });

  it('mind letter case', () => {
    assert.ok(!ignored('*.LOG', 'a.log'));
  });

  it('are decided by the last one that matches, which may bring a file back out of an ignored folder', () => {
    assert.ok(!ignored('build/\n!build/keep.txt\n', 'build/keep.txt'));
    assert.ok(ignored('build/\n!build/keep.txt\n', 'build/other.txt'));
    assert.ok(ignored('!a.txt\n*.txt\n', 'a.txt'));
  });

  it('take no notice of comments, blank lines, spaces at the end and Windows line ends', () => {
    assert.ok(ignored('# *.txt\r\n\r\n*.log  \r\n', 'a.log'));
    assert.ok(!ignored('# *.txt\r\n\r\n*.log  \r\n', 'a.txt'));
  });

  it('also judge what lies behind links outside the folder', () => {
    assert.ok(ignored('*.pyc', '../shared/a.pyc'));
  });
});
