import { Problem, Problems, type ProblemPlace, type ServiceReply } from './problem.ts';

/** The lines a person reads for a failure: where, what, the service's own reason, what to do next. Never a stack. */
export function wordsFor(error: unknown): string[] {
  if (error instanceof Problems) return error.all.flatMap(wordsFor);
  if (!(error instanceof Problem)) return [`Unexpected error: ${messageOf(error)}`];
  const lines = [`${placeOf(error.place)}${error.message}`];
  const reason = error.reply ? reasonOf(error.reply) : undefined;
  if (reason && !error.message.includes(error.reply?.message ?? '\0')) lines.push(reason);
  const ids = error.reply ? idsOf(error.reply) : undefined;
  if (ids) lines.push(ids);
  if (error.next) lines.push(`Next: ${error.next}`);
  return lines;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function placeOf(place: ProblemPlace | undefined): string {
  if (!place) return '';
  const at =
    place.line === undefined ? '' : `:${place.line}${place.column === undefined ? '' : `:${place.column}`}`;
  const parts = [
    place.input && `input '${place.input}'`,
    place.file && `${place.file}${at}`,
    place.path && `at ${place.path}`,
  ].filter(Boolean);
  return parts.length > 0 ? `${parts.join(', ')}: ` : '';
}

function reasonOf(reply: ServiceReply): string | undefined {
  if (!reply.message) return undefined;
  const status = [reply.status, reply.code].filter((part) => part !== undefined).join(' ');
  return `The service said${status ? ` (${status})` : ''}: ${reply.message}`;
}

function idsOf(reply: ServiceReply): string | undefined {
  const ids = [
    reply.requestId && `x-ms-request-id ${reply.requestId}`,
    reply.correlationId && `correlation id ${reply.correlationId}`,
  ].filter(Boolean);
  return ids.length > 0 ? `(${ids.join(', ')})` : undefined;
}
