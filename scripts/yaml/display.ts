import path from 'node:path';
import type { Plan, PlannedRequest, Upload } from './plan.ts';

/** A plan for people: what is uploaded, what is created on the way, and the request itself. */
export function linesOfPlan(plan: Plan, file: string): string[] {
  const created = plan.requests.slice(0, -1);
  const [resource] = plan.requests.slice(-1);
  return [
    `${file} is ${/^[aeiou]/i.test(plan.kind) ? 'an' : 'a'} ${plan.kind}. Nothing is sent; in an empty workspace this would be done:`,
    ...section('Uploaded', plan.uploads.map(uploadLine)),
    ...section(
      'Created on the way',
      created.flatMap((request) => requestLines(request, plan.apiVersion)),
    ),
    ...section('Sent', resource ? requestLines(resource, plan.apiVersion) : []),
    ...section(
      'Worth a look',
      plan.warnings.map(({ place, message }) => `${place.line ?? ''}:${place.column ?? ''} ${message}`),
    ),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

function uploadLine({ path: from, files, bytes }: Upload): string {
  const relative = path.relative('.', from) || '.';
  return `${relative}: ${files} ${files === 1 ? 'file' : 'files'}, ${sizeOf(bytes)}`;
}

function sizeOf(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  const kilobytes = bytes / 1024;
  return kilobytes < 1024 ? `${kilobytes.toFixed(1)} kB` : `${(kilobytes / 1024).toFixed(1)} MB`;
}

function requestLines({ method, path: below, body }: PlannedRequest, apiVersion: string): string[] {
  return [
    `${method} {workspace}${below}?api-version=${apiVersion}`,
    ...JSON.stringify(body, null, 2)
      .split('\n')
      .map((line) => `  ${line}`),
  ];
}
