import assert from 'node:assert/strict';
import { createTaskLog, neutralise } from '../../../shared/pipelines/log.ts';

/** As the agent looks for commands: anywhere in a line, in small or capital letters. */
const COMMAND = /##(?:vso)?\[/i;

describe('Text from outside, in the log of a pipeline', () => {
  it('holds no command, however it is hidden', () => {
    for (const text of [
      '##vso[task.complete result=Failed;]x',
      'progress ##VSO[task.setvariable variable=a]b',
      '##[error]no',
      '####[group]no',
      '##\u001b[0mvso[task.debug]x',
      '#\u0000#vso[task.debug]x',
      '##\u0007[section]x',
      '##v\u009b1mso[task.debug]x',
    ])
      assert.doesNotMatch(neutralise(text), COMMAND, JSON.stringify(text));
  });

  it('keeps what is no command, tabs and letters of all languages included', () => {
    const text = '## Heading #1 [x]\tgrüße 数据 🚀';
    assert.equal(neutralise(text), text);
  });

  it('is written line by line, without secrets in it', () => {
    const written: string[] = [];
    const log = createTaskLog((line) => written.push(line));
    log.info('one\ntwo https://a.blob.core.windows.net/c?sv=1&sig=abc%2Fdef');
    assert.deepEqual(written, ['one', 'two https://a.blob.core.windows.net/c?sv=1&sig=***']);
  });
});
