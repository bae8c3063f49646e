import type { Arm, RequestOptions } from './arm.ts';
import { list, record, text } from './parse.ts';

/** Every item of a paged list of Resource Manager, following nextLink; stop reading and no further page is asked for. */
export async function* pages(
  arm: Arm,
  what: string,
  path: string,
  options?: RequestOptions,
): AsyncIterable<unknown> {
  let answer = await arm.send(what, 'GET', path, undefined, options);
  for (;;) {
    const body = record(answer.body);
    yield* list(body['value']);
    const next = text(body['nextLink']);
    if (!next) return;
    answer = await arm.sendTo(what, 'GET', next, undefined, options);
  }
}
