import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { codeSnapshot } from '../../../../shared/azureml/assets/snapshot/code.ts';
import { contentHash } from '../../../../shared/azureml/assets/snapshot/hash.ts';
import { compileAsset, readYaml, type LocalCode } from '../../../../shared/azureml/yaml/index.ts';
import { testFolder, type TestFolder } from './codeFolder.ts';

const FILES: Readonly<Record<string, string>> = {
  '.amlignore': '*.skip\n',
  'src/.amlignore': '*.log\n/lib/secret.txt\n',
  'src/a.log': 'x\n',
  'src/run.py': 'print(1)\n',
  'src/sub/.amlignore': '*.tmp\n',
  'src/sub/b.tmp': 'y\n',
  'src/__pycache__/r.pyc': 'z\n',
  'shared/lib/l.py': 'lib\n',
  'shared/lib/secret.txt': 's\n',
  'shared/lib/x.log': 'log\n',
  'shared/lib/deep/d.txt': 'd\n',
  'shared/lib/deep/.gitignore': '*.txt\n',
  'shared/lib/deep/e.py': 'e\n',
  'shared/one.py': 'one\n',
  'shared/__pycache__/q.pyc': 'p\n',
  'other/lib/l.py': 'over\n',
  'other/lib/m.py': 'more\n',
  'other/lib/f.skip': 'sk\n',
};

/** The hashes are those that azure-ai-ml 1.35.2 sends for the same folders. */
describe('the code of a component', () => {
  let folder: TestFolder;
  before(async () => {
    folder = await testFolder();
    for (const [name, content] of Object.entries(FILES)) await folder.write(name, content);
    await symlink('../shared/lib/deep', folder.at('other/linked'));
    await symlink('../one.py', folder.at('shared/lib/link.py'));
  });
  after(() => folder.remove());

  const codeOf = (lines: string): LocalCode => {
    const text = `name: c\ntype: command\ncommand: python run.py\nenvironment: azureml:e:1\n${lines}`;
    const document = readYaml(text, path.join(folder.root, 'c.yml'));
    const [asset] = compileAsset(document, { use: 'component' }).assets;
    assert.equal(asset?.kind, 'code');
    return asset as LocalCode;
  };
  const sent = async (lines: string) => {
    const snapshot = await codeSnapshot(codeOf(lines));
    return { hash: (await contentHash(snapshot)).hash, name: snapshot.name, files: snapshot.files };
  };

  it('goes without the caches of Python', async () => {
    const { hash, name } = await sent('code: src\n');
    assert.equal(hash, 'c228ae3eff759cfc16c7b695136cbfce35d7f5edd7dcb89cfb2663756d22e95d');
    assert.equal(name, 'src');
  });

  it('is merged with its includes, under the rules of its own and of every folder', async () => {
    const includes = 'additional_includes: [shared/lib, shared/one.py, other/lib, other/linked]\n';
    const { hash, name, files } = await sent(`code: src\n${includes}`);
    assert.equal(hash, '261ee0c7ff163433552d3b752caedb1e3bb590ee7ccf2645048a6bcd17f901a4');
    assert.equal(name, 'code_with_additional_includes');
    assert.equal(files.length, 12);
  });

  it('may be its includes alone, or one file and its includes', async () => {
    const alone = await sent('additional_includes: [shared/lib, shared/one.py, other/lib]\n');
    assert.equal(alone.hash, '1ba2978df3984157f27f9b011fa2eff22c005e79bf932cfdc4f26aedb94dd2bb');
    const file = await sent('code: src/run.py\nadditional_includes: [shared, other]\n');
    assert.equal(file.hash, '141368de9ab72eb0e86302cc99255de6bb6b4a8827d9f6cbd39dbd09960fb35f');
  });

  it('refuses includes that are missing, in the way, to be zipped, to be fetched, or beside registered code', () => {
    const refused = (lines: string, message: RegExp) => assert.throws(() => codeOf(lines), message);
    refused('code: src\nadditional_includes: [nowhere]\n', /names 'nowhere', but there is no such/);
    refused('code: src\nadditional_includes: [src/run.py]\n', /of the name of 'src\/run.py' already/);
    refused('code: src\nadditional_includes: [shared/lib.zip]\n', /folders are not zipped/);
    refused('code: src\nadditional_includes: [{type: artifact}]\n', /Azure Artifacts/);
    refused('code: azureml:c:1\nadditional_includes: [shared]\n', /this code is registered/);
  });
});
