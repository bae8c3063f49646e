import assert from 'node:assert/strict';
import { problemFromAnswer, problemFromError } from '../../../shared/azureml/connect/failure.ts';
import { Problem, wordsFor } from '../../../shared/problem/index.ts';

function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  const bodyAsText = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, bodyAsText, headers: { get: (name: string) => headers[name] } };
}

describe('A failure of the service', () => {
  it('is told by the innermost reason, once', () => {
    const body = {
      error: {
        code: 'BadRequest',
        message: 'The request is invalid.',
        details: [
          {
            code: 'InvalidRequest',
            message: 'Validation failed.',
            details: [{ code: 'InvalidSku', message: "The size 'x' is not offered here." }],
          },
        ],
      },
    };
    const problem = problemFromAnswer('Submitting it', answer(400, body, { 'x-ms-request-id': 'r' }));
    assert.deepEqual(wordsFor(problem), [
      "Submitting it failed: the service answered 400. The size 'x' is not offered here.",
      '(x-ms-request-id r)',
      'Next: Correct what the service names, and run the step again.',
    ]);
    assert.equal(problem.reply?.code, 'InvalidSku');
  });

  it('is about quota only where it is about quota', () => {
    const codeOf = (code: string, message: string): string =>
      problemFromAnswer('x', answer(400, { error: { code, message } })).code;
    assert.equal(codeOf('OutOfQuota', 'No more cores.'), 'quota');
    assert.equal(codeOf('BadRequest', 'Not enough quota available for Standard_DS3_v2.'), 'quota');
    assert.equal(codeOf('OutOfCapacity', 'Try another size.'), 'quota');
    assert.equal(codeOf('UserError', 'There is not enough VM capacity in the region.'), 'quota');
    assert.equal(codeOf('UserError', "The sku's capacity must be at least 1."), 'input');
  });

  it('is understood in the forms of MLflow and of storage, and as plain text', () => {
    const messageOf = (body: unknown): string | undefined =>
      problemFromAnswer('x', answer(500, body)).reply?.message;
    assert.equal(messageOf({ error_code: 'INTERNAL', message: 'no run' }), 'no run');
    assert.equal(
      messageOf('<Error><Code>ServerBusy</Code><Message>busy\nRequestId:1</Message></Error>'),
      'busy',
    );
    assert.equal(messageOf('Bad gateway'), 'Bad gateway');
  });

  it('tells a request whose time was up from a cancelled one', () => {
    const aborted = Object.assign(new Error('The operation was aborted.'), { name: 'AbortError' });
    const cancel = new AbortController();
    const late = problemFromError('Reading it', aborted, cancel.signal);
    assert(late instanceof Problem && late.code === 'network', String(late));
    const reason = new Problem({ code: 'cancelled', message: 'The pipeline was cancelled.' });
    cancel.abort(reason);
    assert.equal(problemFromError('Reading it', aborted, cancel.signal), reason);
  });
});
