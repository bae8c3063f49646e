import assert from 'node:assert/strict';
import { diagnose } from '../../../../../local/workspace/engine/scoring/diagnosis.ts';

const START = 'Azure ML Inferencing HTTP server v1.5.1\n';
const crashed = { kind: 'crashed', exitCode: 3, restarts: 1 } as const;

describe('the diagnosis of a container that does not get ready', () => {
  it('names the exception that init() raised', () => {
    const log = `${START}2026 E azmlinfsrv - User's init function failed
2026 E azmlinfsrv - Encountered Exception Traceback (most recent call last):
  File "score.py", line 3, in init
    load()
FileNotFoundError: [Errno 2] No such file or directory: 'model.pkl'

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
azureml_inference_server_http.server.user_script.UserScriptException: Caught an unhandled exception`;
    assert.deepEqual(diagnose(crashed, log), {
      code: 'UserScriptInitFailed',
      message:
        "init() of the scoring script failed: FileNotFoundError: [Errno 2] No such file or directory: 'model.pkl'",
    });
  });

  it('names a module that cannot be imported', () => {
    const log = `${START}Traceback (most recent call last):
  File "score.py", line 1, in <module>
ModuleNotFoundError: No module named 'lightgbm'

UserScriptImportException: Failed to import user script`;
    assert.equal(diagnose(crashed, log).code, 'UserScriptImportError');
    assert.match(diagnose(crashed, log).message, /No module named 'lightgbm'/);
  });

  it('names a function that the script does not have', () => {
    const log = `${START}UserScriptError: User script at score.py does not have a run() function defined.`;
    assert.deepEqual(diagnose(crashed, log), {
      code: 'UserScriptFunctionNotFound',
      message: 'The scoring script has no function run().',
    });
  });

  it('reads only what was logged since the last start', () => {
    const log = `${START}Traceback (most recent call last):\nValueError: old\n${START}something else`;
    assert.doesNotMatch(diagnose({ ...crashed, exitCode: 1 }, log).message, /old/);
  });

  it('says that a killed process ran out of memory', () => {
    assert.equal(diagnose({ ...crashed, exitCode: 137 }, START).code, 'PodOutOfMemory');
  });

  it('says how long it waited for a container that never answered', () => {
    const { code, message } = diagnose({ kind: 'not-ready', waitedInMs: 310_000 }, 'loading\n');
    assert.equal(code, 'ScoringFeUnhealthy');
    assert.match(message, /310 seconds.*loading/);
  });
});
