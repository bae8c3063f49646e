import { readFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../../shared/problem/index.ts';
import { renderMarkdown } from '../display/markdown.ts';
import type { Style } from '../display/style.ts';
import { plainLine } from '../display/text.ts';
import type { RunRecord } from '../record/model.ts';

/** The attachment type of Markdown that a step uploads for the run's summary page. */
const SUMMARY = 'distributedtask.core.summary';

interface Evidence {
  readonly run: RunRecord;
  /** The run's folder, which its files are relative to. */
  readonly folder: string;
  /** The stages whose pages are shown whole. */
  readonly readsFrom: readonly string[];
}

interface Page {
  readonly stage: string;
  readonly title: string;
  readonly file: string;
}

/**
 * What earlier steps uploaded for the summary page. The pages of the stages this one takes its values from stand last
 * and whole (where there are none, the newest page); of every other page, where it is and how it begins.
 */
export function evidenceLines(evidence: Evidence, style: Style): string[] {
  const pages = pagesOf(evidence);
  if (pages.length === 0) return ['No step has written a summary so far.'];
  const decisive = pages.filter(({ stage }) => evidence.readsFrom.includes(stage));
  const whole = decisive.length > 0 ? decisive : pages.slice(-1);
  const others = pages.filter((page) => !whole.includes(page));
  return [
    ...(others.length > 0 ? ['', 'Seen before:'] : []),
    ...others.flatMap(({ title, file }) => [
      `  ${plainLine(title)}: ${firstLine(file, style)}`,
      `    ${style.dim(file)}`,
    ]),
    ...whole.flatMap(({ title, file }) => [
      '',
      style.dim(`--- ${plainLine(title)} (${file})`),
      ...pageLines(file, style),
    ]),
  ];
}

/** In the order in which the steps ended. */
function pagesOf({ run, folder }: Evidence): Page[] {
  const steps = run.stages.flatMap((stage) =>
    stage.jobs.flatMap((job) => job.steps.map((step) => ({ stage, step }))),
  );
  const inOrder = steps.sort((a, b) => ((a.step.finishTime ?? '') < (b.step.finishTime ?? '') ? -1 : 1));
  return inOrder.flatMap(({ stage, step }) =>
    step.attachments
      .filter((one) => one.type.toLowerCase() === SUMMARY)
      .map((one) => ({
        stage: stage.name,
        title: `${stage.displayName} / ${step.displayName}`,
        file: path.join(folder, one.file),
      })),
  );
}

function firstLine(file: string, style: Style): string {
  return pageLines(file, style).find((line) => line.trim() !== '') ?? 'an empty page';
}

function pageLines(file: string, style: Style): string[] {
  try {
    return renderMarkdown(readFileSync(file, 'utf8'), style);
  } catch (error) {
    return [style.red(`The summary cannot be read: ${messageOf(error)}`)];
  }
}
