import { readFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../../shared/problem/index.ts';
import { renderMarkdown } from '../display/markdown.ts';
import type { Style } from '../display/style.ts';
import { plainLine } from '../display/text.ts';
import type { RunRecord } from '../record/model.ts';

/** The attachment type of Markdown that a step uploads for the run's summary page. */
const SUMMARY = 'distributedtask.core.summary';

/** Everything earlier steps uploaded for the summary page, in the order the steps ended. */
export function evidenceLines(run: RunRecord, folder: string, style: Style): string[] {
  const steps = run.stages.flatMap((stage) =>
    stage.jobs.flatMap((job) => job.steps.map((step) => ({ stage, step }))),
  );
  const inOrder = steps.sort((a, b) => ((a.step.finishTime ?? '') < (b.step.finishTime ?? '') ? -1 : 1));
  const pages = inOrder.flatMap(({ stage, step }) =>
    step.attachments
      .filter((one) => one.type.toLowerCase() === SUMMARY)
      .map((one) => ({
        title: `${stage.displayName} / ${step.displayName}`,
        file: path.join(folder, one.file),
      })),
  );
  if (pages.length === 0) return ['No step has written a summary so far.'];
  return pages.flatMap(({ title, file }) => [
    '',
    style.dim(`--- ${plainLine(title)} (${file})`),
    ...pageLines(file, style),
  ]);
}

function pageLines(file: string, style: Style): string[] {
  try {
    return renderMarkdown(readFileSync(file, 'utf8'), style);
  } catch (error) {
    return [style.red(`The summary cannot be read: ${messageOf(error)}`)];
  }
}
