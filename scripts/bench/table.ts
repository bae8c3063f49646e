import os from 'node:os';
import type { Bench, Figure } from './figure.ts';
import { EXPLANATION } from './explanation.ts';

/** The figures of one bench for the terminal. */
export function linesOf(figures: readonly Figure[]): string[] {
  const width = Math.max(...figures.map(({ what }) => what.length));
  return figures.map(
    ({ what, value, target, met }) =>
      `  ${met === false ? '✗' : met ? '✓' : ' '} ${what.padEnd(width)}  ${value}${target ? `  (${target})` : ''}`,
  );
}

/** docs/benchmarks.md: every figure, with the machine and the day it was measured on. */
export async function documentOf(
  measured: readonly { readonly bench: Bench; readonly figures: readonly Figure[] }[],
): Promise<string> {
  const text = [
    '# Speed and size',
    '',
    `Measured on ${new Date().toISOString().slice(0, 10)} by \`npm run bench -- --write\` on ${machine()}.`,
    '`npm run bench` measures everything and writes nothing; `npm run bench -- NAME ...` measures some.',
    '',
    ...measured.flatMap(({ bench, figures }) => sectionOf(bench, figures)),
    EXPLANATION,
  ].join('\n');
  const { format } = await import('prettier');
  return format(text, { parser: 'markdown', printWidth: 110 });
}

function sectionOf({ title, name }: Bench, figures: readonly Figure[]): string[] {
  return [
    `## ${title} (\`${name}\`)`,
    '',
    '| figure | measured | target | |',
    '| --- | --- | --- | --- |',
    ...figures.map(
      ({ what, value, target = '', met }) =>
        `| ${what} | ${value} | ${target} | ${met === undefined ? '' : met ? 'kept' : 'missed'} |`,
    ),
    '',
  ];
}

function machine(): string {
  const processors = os.cpus();
  const memory = Math.round(os.totalmem() / 1024 ** 3);
  const load = os.loadavg()[0]?.toFixed(1);
  return `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown processor'}, ${memory} GB, ${os.type()} ${os.release()}, Node ${process.versions.node} (load ${load} at the end)`;
}
