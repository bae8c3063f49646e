/** Headers that belong to one connection (RFC 9110, 7.6.1), and those that are made anew. */
const CONNECTION = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
  'expect',
];

/** The credential stays outside, and the server takes a caller's x-ms-request-id for a fault. */
const NOT_FOR_MODELS = ['authorization', 'x-ms-request-id'];

/** What the inference server gets to see of a request's headers. */
export function headersForModel(headers: Headers, requestId: string): Record<string, string> {
  const kept = [...headers].filter(([name]) => !CONNECTION.includes(name) && !NOT_FOR_MODELS.includes(name));
  return { ...Object.fromEntries(kept), 'x-request-id': requestId };
}

/** What the caller gets to see of the model's headers. */
export function headersForCaller(headers: Readonly<Record<string, string | string[] | undefined>>): Headers {
  const result = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || CONNECTION.includes(name) || name === 'server' || name === 'date') continue;
    for (const one of [value].flat()) result.append(name, one);
  }
  return result;
}
