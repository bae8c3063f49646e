import { StringDecoder } from 'node:string_decoder';

/** Cuts a byte stream into lines; a line ends at LF, CR LF or a lone CR, as .NET's StreamReader has it. */
export interface LineCutter {
  write(chunk: Buffer): void;
  /** The rest without an end of line, when there is one. */
  end(): void;
}

export function cutLines(onLine: (line: string) => void): LineCutter {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let afterReturn = false;
  const take = (text: string): void => {
    // The LF of a CR LF that fell on two chunks belongs to a line that is out already.
    const fresh = afterReturn && text.startsWith('\n') ? text.slice(1) : text;
    if (text !== '') afterReturn = text.endsWith('\r');
    const lines = (rest + fresh).split(/\r\n|\n|\r/);
    rest = lines.pop() ?? '';
    lines.forEach(onLine);
  };
  return {
    write: (chunk) => take(decoder.write(chunk)),
    end() {
      take(decoder.end());
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
}
