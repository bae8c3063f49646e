import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type Pipeline,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { problemFromAnswer, problemFromError } from '../connect/failure.ts';

interface LogReadOptions {
  /** Also gives a last line without its end. */
  readonly atEnd?: boolean;
  readonly abortSignal?: AbortSignal;
}

/** Follows one growing log file and gives only what is new. */
export interface LogReader {
  /** Whole lines that came since the last call; nothing while the file is not there. */
  read(url: string, options?: LogReadOptions): AsyncIterable<string>;
  readonly bytesFetched: number;
}

/** A megabyte at a time keeps memory level while a job shouts. */
const LARGEST_PART = 1024 * 1024;
/** A line that never ends is given in pieces of this many characters. */
const LONGEST_LINE = 64 * 1024;
const WHAT = 'Reading the job log';

/** `storage` is a pipeline without the workspace's token: log addresses carry their own signature. */
export function createLogReader(storage: Pipeline, httpClient: HttpClient): LogReader {
  const lines = createLines();
  let offset = 0;
  return {
    get bytesFetched() {
      return offset;
    },
    async *read(url, { atEnd = false, abortSignal } = {}) {
      for (let isMore = true; isMore;) {
        const part = await fetchPart({
          storage,
          httpClient,
          url,
          offset,
          ...(abortSignal && { abortSignal }),
        });
        offset += part.length;
        yield* lines.add(part);
        isMore = part.length >= LARGEST_PART;
      }
      if (atEnd) yield* lines.end();
    },
  };
}

interface PartRequest {
  readonly storage: Pipeline;
  readonly httpClient: HttpClient;
  readonly url: string;
  readonly offset: number;
  readonly abortSignal?: AbortSignal;
}

async function fetchPart({
  storage,
  httpClient,
  url,
  offset,
  abortSignal,
}: PartRequest): Promise<Uint8Array> {
  const request = createPipelineRequest({
    url,
    headers: createHttpHeaders({
      'x-ms-range': `bytes=${offset}-${offset + LARGEST_PART - 1}`,
      'x-ms-version': '2021-12-02',
    }),
    streamResponseStatusCodes: new Set([200, 206]),
    ...(abortSignal && { abortSignal }),
  });
  try {
    const answer = await storage.sendRequest(httpClient, request);
    return await bytesOf(answer, offset);
  } catch (error) {
    throw problemFromError(WHAT, error, abortSignal);
  }
}

async function bytesOf(answer: PipelineResponse, offset: number): Promise<Uint8Array> {
  switch (answer.status) {
    case 206:
      return collect(answer.readableStreamBody);
    case 200:
      return (await collect(answer.readableStreamBody)).subarray(offset);
    case 404: // The file is not there yet.
    case 416: // Nothing beyond what we have.
      return new Uint8Array();
    default:
      throw problemFromAnswer(WHAT, answer);
  }
}

/** Cuts bytes into lines; an unfinished line, or half a character, waits for the rest of it. */
function createLines(): { add(part: Uint8Array): Iterable<string>; end(): Iterable<string> } {
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  return {
    *add(part) {
      const pieces = (rest + decoder.decode(part, { stream: true })).split('\n');
      rest = unfinished(pieces.pop() ?? '');
      for (const piece of pieces) yield lastOverwrite(piece);
      for (; rest.length > LONGEST_LINE; rest = rest.slice(LONGEST_LINE)) yield rest.slice(0, LONGEST_LINE);
    },
    *end() {
      const line = lastOverwrite(rest + decoder.decode());
      rest = '';
      if (line !== '') yield line;
    },
  };
}

/** Progress bars rewrite a line with carriage returns; only what would stay on a screen is shown. */
function lastOverwrite(line: string): string {
  const parts = line.split('\r').filter((part) => part !== '');
  return parts.at(-1) ?? '';
}

/** What was overwritten already need not be kept; a return at the very end may still be half of a line's end. */
function unfinished(line: string): string {
  return line.endsWith('\r') ? `${lastOverwrite(line)}\r` : lastOverwrite(line);
}

async function collect(stream: NodeJS.ReadableStream | undefined): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream ?? []) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
