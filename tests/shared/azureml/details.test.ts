import assert from 'node:assert/strict';
import { reasonIn } from '../../../shared/azureml/connect/details.ts';

describe("The reason in ARM's details", () => {
  it('is what the inference service said, taken out of the JSON in the message', () => {
    const reason = JSON.stringify({
      errors: { VmSize: ['Not enough quota available.'] },
      title: 'One or more validation errors occurred.',
    });
    const details = [
      {
        code: 'InferencingClientCreateDeploymentFailed',
        message: `InferencingClient HttpRequest error, error detail: ${reason}`,
      },
      { code: 'OutOfQuota', message: 'Not enough quota available.' },
    ];
    assert.deepEqual(reasonIn(details), { code: 'OutOfQuota', message: 'Not enough quota available.' });
  });

  it('is the plain message where it is no JSON, and nothing where there are no details', () => {
    assert.deepEqual(reasonIn([{ code: 'X', message: 'Name {blue} is bad.' }]), {
      code: 'X',
      message: 'Name {blue} is bad.',
    });
    assert.deepEqual(reasonIn(undefined), {});
    assert.deepEqual(reasonIn([]), {});
  });
});
