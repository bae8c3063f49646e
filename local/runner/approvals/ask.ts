import { limiter } from '../execute/graph.ts';
import type { Interrupts, Person, RunSettings } from '../execute/options.ts';
import type { Display } from '../display/display.ts';
import { plainLine, plainLines } from '../display/text.ts';
import type { Recorder } from '../record/recorder.ts';
import { answerGiven, type ApprovalQuestion, type Decide, type Decision } from './decide.ts';
import { evidenceLines } from './evidence.ts';
import { createLineReader, type LineReader } from './lines.ts';

interface Surroundings {
  readonly settings: RunSettings;
  readonly display: Display;
  readonly recorder: Recorder;
  readonly user: Person;
  readonly interrupts: Interrupts;
}

/** Answers approvals: shows what there is to see, then takes the answer given beforehand, or asks a person, or waits. */
export function createDecide(around: Surroundings): { readonly decide: Decide; close(): void } {
  const { settings, display, interrupts } = around;
  const oneByOne = limiter(1);
  let reader: LineReader | undefined;
  const decide: Decide = (question) =>
    oneByOne(async () => {
      if (interrupts.cancel.aborted) return { status: 'canceled' };
      if (question.answered?.aborted) return undefined;
      for (const line of questionLines(question, around)) display.screen.print(line);
      const given = answerGiven(settings.answers, question.approval);
      if (given) return answerBeforehand(given, question, around);
      if (!settings.terminal.isInteractive) return undefined;
      const held = display.screen.hold();
      try {
        reader ??= createLineReader(settings.terminal.input);
        return await ask(reader, question, around);
      } finally {
        held.release();
      }
    });
  return { decide, close: () => reader?.close() };
}

function questionLines(
  { run, stage, approval, readsFrom }: ApprovalQuestion,
  { display, recorder }: Surroundings,
): string[] {
  const { style } = display;
  const instructions = approval.instructions ? plainLines(approval.instructions) : [];
  const approvers =
    approval.approvers.length > 0 ? [`Approvers: ${plainLine(approval.approvers.join(', '))}`] : [];
  const title = approval.when
    ? `Approval ${approval.when} the deployment of the stage '${plainLine(stage.displayName)}'.`
    : `Approval: the stage '${plainLine(stage.displayName)}' deploys to '${plainLine(approval.environment)}'.`;
  return [
    '',
    style.bold(title),
    ...instructions,
    ...approvers,
    ...evidenceLines({ run, folder: recorder.folder, readsFrom }, style),
    '',
  ];
}

function answerBeforehand(
  status: 'approved' | 'rejected',
  { approval }: ApprovalQuestion,
  { settings, display, user }: Surroundings,
): Decision {
  display.screen.print(
    `'${plainLine(approval.environment)}' was ${status} beforehand by ${plainLine(user.displayName)}.`,
  );
  return { status, by: user, comment: settings.answers?.comment };
}

/** Enter alone, or an input that ends, leaves the decision for later. */
async function ask(
  reader: LineReader,
  { approval, answered }: ApprovalQuestion,
  { display, user, interrupts }: Surroundings,
): Promise<Decision> {
  const { cancel } = interrupts;
  const over = answered ? AbortSignal.any([cancel, answered]) : cancel;
  const asked =
    approval.when === 'after' ? 'Accept the deployment of' : approval.when ? 'Deploy' : 'Deploy to';
  const say = (text: string): void => display.screen.write(text);
  await reader.forget();
  for (;;) {
    say(`${asked} '${plainLine(approval.environment)}'? yes approves, no rejects, Enter decides later: `);
    const answer = (await reader.next(over))?.trim().toLowerCase();
    if (cancel.aborted) return { status: 'canceled' };
    if (answer === undefined || answer === '') return undefined;
    const status = WORDS[answer];
    if (status === undefined) continue;
    say('Comment (Enter for none): ');
    const comment = (await reader.next(over))?.trim();
    if (cancel.aborted) return { status: 'canceled' };
    return { status, by: user, comment: comment || undefined };
  }
}

const WORDS: Readonly<Record<string, 'approved' | 'rejected'>> = {
  y: 'approved',
  yes: 'approved',
  approve: 'approved',
  n: 'rejected',
  no: 'rejected',
  reject: 'rejected',
};
