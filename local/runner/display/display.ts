import type { Clock } from '../agent/clock.ts';
import type { RunOutcome, Terminal } from '../execute/options.ts';
import type { JobRecord, RunRecord, StageRecord, StepRecord } from '../record/model.ts';
import type { Position, RunObserver } from '../record/observer.ts';
import { jobTitle, liveArea } from './live.ts';
import { readableLine } from './logLine.ts';
import { createScreen, type Screen } from './screen.ts';
import { elapsed, progressOf, stateMark, stateWord } from './states.ts';
import { createStyle, type Style } from './style.ts';
import { summaryLines } from './summary.ts';
import { plainLine } from './text.ts';

/** Shows a run while it goes on: to a person as a live list, elsewhere as plain lines. */
export interface Display extends RunObserver {
  readonly screen: Screen;
  readonly style: Style;
  finish(outcome: RunOutcome, continueWith: string | undefined): void;
  stop(): void;
}

const REDRAW_IN_MS = 250;
/** Without a live list, a step's progress is told in steps of this many percent. */
const TELL_EVERY_PERCENT = 10;

export function createDisplay(terminal: Terminal, clock: Clock, run: RunRecord): Display {
  const screen = createScreen(terminal);
  const style = createStyle(terminal.isInteractive);
  const seen = new Map<string, string>();
  const told = new Map<string, number>();
  const redraw = (): void => screen.draw(liveArea(run, clock.now(), screen, style));
  const timer = terminal.isInteractive ? setInterval(redraw, REDRAW_IN_MS).unref() : undefined;
  const prefix = (stage: StageRecord, job: JobRecord): string => style.dim(`[${jobTitle(stage, job)}] `);
  /** Says a state once; records are told again for every small change. */
  const whenNew = (record: { readonly id: string; readonly state: string }, say: () => void): void => {
    if (seen.get(record.id) === record.state) return;
    seen.set(record.id, record.state);
    say();
  };
  const tellProgress = ({ stage, job, step }: Position): void => {
    if (terminal.isInteractive || step.percentComplete === undefined || step.state !== 'inProgress') return;
    const reached = Math.floor(step.percentComplete / TELL_EVERY_PERCENT);
    if (reached <= (told.get(step.id) ?? 0)) return;
    told.set(step.id, reached);
    screen.print(`${prefix(stage, job)}${progressOf(step)}`);
  };
  return {
    screen,
    style,
    run: redraw,
    stage(stage) {
      whenNew(stage, () => {
        if (worthSaying(stage)) screen.print(stageLine(stage, clock.now(), style));
      });
    },
    job() {
      redraw();
    },
    step(position) {
      const { stage, job, step } = position;
      whenNew(step, () => {
        if (step.state !== 'pending') screen.print(prefix(stage, job) + stepLine(step, clock.now(), style));
      });
      tellProgress(position);
    },
    line({ stage, job }, text) {
      const line = readableLine(text, style);
      if (line !== undefined) screen.print(prefix(stage, job) + line);
    },
    finish(outcome, continueWith) {
      clearInterval(timer);
      screen.draw([]);
      for (const line of summaryLines(run, outcome, continueWith, clock.now(), style)) screen.print(line);
    },
    stop() {
      clearInterval(timer);
      screen.draw([]);
    },
  };
}

/** A stage whose approvals are answered no longer waits, whatever its record still says. */
function worthSaying({ state, approvals }: StageRecord): boolean {
  if (state === 'waiting') return approvals.some((one) => one.status === 'pending');
  return state !== 'pending';
}

function stageLine(stage: StageRecord, now: Date, style: Style): string {
  const time = stage.state === 'completed' ? elapsed(stage, now) : '';
  return style.bold(
    `${stateMark(stage, style)} Stage ${plainLine(stage.displayName)}: ${stateWord(stage)}${time && ` (${time})`}`,
  );
}

function stepLine(step: StepRecord, now: Date, style: Style): string {
  const name = plainLine(step.displayName);
  if (step.state !== 'completed') return `${stateMark(step, style)} ${name}`;
  const time = elapsed(step, now);
  return `${stateMark(step, style)} ${name}: ${stateWord(step)}${time && ` (${time})`}`;
}
