import * as tl from 'azure-pipelines-task-lib/task.js';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { Problem, throwIfAny } from '../problem/index.ts';

/** Reads the inputs of a task and keeps every complaint, so that all bad inputs are told in one message. */
export interface InputReader {
  text(name: string): string | undefined;
  required(name: string): string;
  oneOf<T extends string>(name: string, choices: readonly T[], fallback: T): T;
  flag(name: string, fallback: boolean): boolean;
  number(name: string, fallback: number, range: { min: number; max: number; integer?: boolean }): number;
  /** Lines or comma separated items, trimmed, empty ones dropped. */
  list(name: string): string[];
  /** `key=value` lines. */
  pairs(name: string): Record<string, string>;
  /** A folder that need not exist yet, as an absolute path; undefined when the input is empty. */
  folder(name: string): string | undefined;
  /** An existing file; undefined when the input is empty. */
  file(name: string): string | undefined;
  complain(input: string, message: string, next?: string): void;
  /** Throws everything that was wrong; call once when all is read. */
  finish(): void;
}

/** The service leaves a variable that does not exist as it is written. */
const NO_ARTIFACT = 'Link the artifact to the release, under the alias that stands there.';

export function createInputReader(): InputReader {
  const problems: Problem[] = [];
  const complain = (input: string, message: string, next?: string): void => {
    problems.push(new Problem({ code: 'input', message, place: { input }, ...(next && { next }) }));
  };
  const unknown = new Set<string>();
  const text = (name: string): string | undefined => {
    const value = tl.getInput(name, false)?.trim() || undefined;
    const [variable] = /\$\(Release\.Artifacts\.[^)]*\)/i.exec(value ?? '') ?? [];
    if (variable && !unknown.has(name)) {
      unknown.add(name);
      complain(name, `'${variable}' is no variable of this release.`, NO_ARTIFACT);
    }
    return value;
  };
  const lines = (name: string): string[] =>
    (text(name) ?? '')
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter(Boolean);

  return {
    text,
    complain,
    required(name) {
      const value = text(name);
      if (value === undefined) complain(name, 'A value is required.', `Give the task a value for '${name}'.`);
      return value ?? '';
    },
    oneOf(name, choices, fallback) {
      const value = text(name);
      const found = choices.find((choice) => choice.toLowerCase() === (value ?? fallback).toLowerCase());
      if (!found)
        complain(name, `'${value}' is not one of ${choices.join(', ')}.`, 'Use one of these words.');
      return found ?? fallback;
    },
    flag(name, fallback) {
      const value = text(name)?.toLowerCase();
      if (value === undefined) return fallback;
      if (value !== 'true' && value !== 'false') complain(name, `'${value}' is neither true nor false.`);
      return value === 'true';
    },
    number(name, fallback, { min, max, integer }) {
      const value = text(name);
      if (value === undefined) return fallback;
      const number = Number(value);
      const fits =
        Number.isFinite(number) && number >= min && number <= max && (!integer || Number.isInteger(number));
      if (!fits)
        complain(name, `'${value}' is not a ${integer ? 'whole ' : ''}number from ${min} to ${max}.`);
      return fits ? number : fallback;
    },
    list: (name) =>
      lines(name)
        .flatMap((line) => line.split(','))
        .map((item) => item.trim())
        .filter(Boolean),
    pairs(name) {
      const entries = lines(name).map((line) => [line, line.indexOf('=')] as const);
      for (const [line, at] of entries) {
        if (at <= 0) complain(name, `The line '${line}' is not of the form name=value.`);
      }
      return Object.fromEntries(
        entries
          .filter(([, at]) => at > 0)
          .map(([line, at]) => [line.slice(0, at).trim(), line.slice(at + 1).trim()]),
      );
    },
    file(name) {
      const value = filePathInput(name);
      if (value === undefined) return undefined;
      const file = path.resolve(value);
      if (!existsSync(file))
        complain(
          name,
          `There is no file '${value}'.`,
          'Check the path; it is relative to the working directory.',
        );
      else if (!statSync(file).isFile()) complain(name, `'${value}' is a folder, not a file.`);
      return file;
    },
    folder(name) {
      const value = filePathInput(name);
      if (value === undefined) return undefined;
      const folder = path.resolve(value);
      if (existsSync(folder) && !statSync(folder).isDirectory()) complain(name, `'${value}' is a file.`);
      return folder;
    },
    finish: () => throwIfAny(problems),
  };
}

/** An empty filePath input reaches some hosts as the default working folder; that counts as not given. */
function filePathInput(name: string): string | undefined {
  const value = tl.getInput(name, false)?.trim();
  if (!value) return undefined;
  const roots = ['System.DefaultWorkingDirectory', 'Build.SourcesDirectory', 'System.ArtifactsDirectory'];
  const isRoot = roots.some((root) => {
    const folder = tl.getVariable(root);
    return folder !== undefined && path.resolve(folder) === path.resolve(value);
  });
  return isRoot ? undefined : value;
}
