import {
  createHttpHeaders,
  createPipelineRequest,
  type Pipeline,
  type HttpClient,
} from '@azure/core-rest-pipeline';
import { problemFromError } from '../connect/failure.ts';

/** Follows one growing log file and gives only what is new. */
export interface LogReader {
  /** Whole lines that came since the last call; `atEnd` also gives a last line without its end. */
  read(url: string, options?: { atEnd?: boolean; abortSignal?: AbortSignal }): Promise<readonly string[]>;
  readonly bytesFetched: number;
}

/** A megabyte per look keeps memory level while a job shouts; the rest comes with the next look. */
const LARGEST_PART = 1024 * 1024;

/** `storage` is a pipeline without the workspace's token: log addresses carry their own signature. */
export function createLogReader(storage: Pipeline, httpClient: HttpClient): LogReader {
  let offset = 0;
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  const fetchPart = async (url: string, abortSignal?: AbortSignal): Promise<Uint8Array> => {
    const request = createPipelineRequest({
      url,
      headers: createHttpHeaders({
        'x-ms-range': `bytes=${offset}-${offset + LARGEST_PART - 1}`,
        'x-ms-version': '2021-12-02',
      }),
      streamResponseStatusCodes: new Set([200, 206]),
      ...(abortSignal && { abortSignal }),
    });
    const answer = await storage.sendRequest(httpClient, request);
    // 416: nothing beyond what we have; 404: the file is not there yet.
    if (answer.status !== 200 && answer.status !== 206) return new Uint8Array();
    const bytes = await collect(answer.readableStreamBody);
    return answer.status === 200 ? bytes.subarray(offset) : bytes;
  };
  return {
    get bytesFetched() {
      return offset;
    },
    async read(url, options = {}) {
      const lines: string[] = [];
      for (;;) {
        const part = await fetchPart(url, options.abortSignal).catch((error: unknown) => {
          throw problemFromError('Reading the job log', error);
        });
        offset += part.length;
        const pieces = (rest + decoder.decode(part, { stream: true })).split('\n');
        rest = pieces.pop() ?? '';
        lines.push(...pieces);
        if (part.length < LARGEST_PART) break;
      }
      if (options.atEnd && rest !== '') {
        lines.push(rest);
        rest = '';
      }
      return lines.map(lastOverwrite);
    },
  };
}

/** Progress bars rewrite a line with carriage returns; only what would stay on a screen is shown. */
function lastOverwrite(line: string): string {
  const parts = line.split('\r').filter((part) => part !== '');
  return parts.at(-1) ?? '';
}

async function collect(stream: NodeJS.ReadableStream | undefined): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream ?? []) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
