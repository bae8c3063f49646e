import { Problem } from '../../../../../shared/problem/index.ts';
import { locate, type Places } from '../references/index.ts';

/** The text of an output that is one value: what the step wrote into its file. */
export async function valueAt(uri: string, places: Places): Promise<string> {
  const location = locate(uri, places);
  if (location.kind === 'blob' && (await places.storage.exists(location.container, location.path)))
    return (await places.storage.download(location.container, location.path)).toString('utf8').trim();
  throw new Problem({
    code: 'not-found',
    message: `A step should have written a value to '${uri}', and nothing is there.`,
    next: 'Write the value into the file whose path the command is given for the output.',
  });
}

/** Whether a text stands for yes. */
export function isTrue(text: string): boolean {
  return /^(?:true|1)$/i.test(text.trim());
}
