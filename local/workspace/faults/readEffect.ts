import type { FaultEntry } from './document.ts';
import type { FaultEffect } from './rule.ts';

type FaultWord = FaultEffect['fault'];

/** The words of each fault beside those that all have. */
export const EFFECT_WORDS: Readonly<Record<FaultWord, readonly string[]>> = {
  answer: ['status', 'code', 'message', 'headers', 'body'],
  delay: ['inMs', 'upToMs'],
  drop: ['when'],
  cut: ['after'],
  throttle: ['retryAfterInSeconds'],
  'expire-token': [],
  quota: ['code', 'message'],
  'slow-provisioning': ['inSeconds'],
  'image-build-failure': ['message'],
};

const FAULTS = Object.keys(EFFECT_WORDS) as FaultWord[];
const MOST_MILLISECONDS = 600_000;
const MOST_SECONDS = 100 * 365 * 24 * 3600;
const HALF = 0.5;

/** What a rule does. A fault that cannot be read is complained about, and stands as an answer until that is thrown. */
export function readEffect(entry: FaultEntry): FaultEffect {
  const fault = entry.word('fault', FAULTS) ?? entry.missing('fault', FAULTS);
  switch (fault) {
    case undefined:
      return { fault: 'expire-token' };
    case 'answer':
      return readAnswer(entry);
    case 'delay':
      return readDelay(entry);
    case 'drop':
      return { fault, when: entry.word('when', ['before', 'after'] as const) ?? 'before' };
    case 'cut':
      return { fault, after: entry.number('after', 0, 1) ?? HALF };
    case 'throttle':
      return { fault, retryAfterInSeconds: entry.whole('retryAfterInSeconds', 0, MOST_SECONDS) ?? 1 };
    case 'expire-token':
      return { fault };
    case 'quota':
      return { fault, ...entry.texts('code', 'message') };
    case 'slow-provisioning':
      return { fault, inSeconds: entry.neededNumber('inSeconds', 0, MOST_SECONDS) };
    case 'image-build-failure':
      return { fault, ...entry.texts('message') };
  }
}

function readAnswer(entry: FaultEntry): FaultEffect {
  const headers = entry.textMap('headers');
  const body = entry.plain('body');
  return {
    fault: 'answer',
    status: entry.neededNumber('status', 400, 599, 'whole'),
    ...entry.texts('code', 'message'),
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined ? {} : { body }),
  };
}

function readDelay(entry: FaultEntry): FaultEffect {
  const inMs = entry.neededNumber('inMs', 0, MOST_MILLISECONDS);
  const upToMs = entry.number('upToMs', inMs, MOST_MILLISECONDS);
  return { fault: 'delay', inMs, ...(upToMs === undefined ? {} : { upToMs }) };
}
