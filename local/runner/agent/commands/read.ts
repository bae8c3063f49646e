import { existsSync, statSync } from 'node:fs';
import { Problem } from '../../../../shared/problem/index.ts';
import type { Command } from './parse.ts';
import type { StepState } from '../state.ts';

/** Carries a command out; throwing fails the command and with it the step. */
export type CommandHandler = (command: Command, step: StepState) => void;

/** Events of one area, by name in lower case. */
export type CommandArea = Readonly<Record<string, CommandHandler>>;

export function required(command: Command, property: string): string {
  const value = command.properties.get(property.toLowerCase());
  if (!value) throw refuse(`The property '${property}' is missing.`);
  return value;
}

export function flag(command: Command, property: string): boolean {
  return command.properties.get(property.toLowerCase())?.toLowerCase() === 'true';
}

export function requiredData(command: Command, what: string): string {
  if (command.data.trim() === '') throw refuse(`The command carries no ${what}.`);
  return command.data;
}

/** The path a command names, which must be there. */
export function existingPath(command: Command, kind: 'file' | 'file or folder'): string {
  const file = requiredData(command, 'path').trim();
  const fits = existsSync(file) && (kind !== 'file' || statSync(file).isFile());
  if (!fits) throw refuse(`There is no ${kind} '${file}'.`);
  return file;
}

/** Characters no file name may hold on some system agents run on. */

const ILLEGAL_IN_FILE_NAMES = /[\u0000-\u001f"<>|:*?\\/]/;

export function fileName(command: Command, property: string): string {
  const value = required(command, property);
  if (ILLEGAL_IN_FILE_NAMES.test(value) || value === '.' || value === '..') {
    throw refuse(`The property '${property}' holds characters no file name may hold: '${value}'.`);
  }
  return value;
}

export function wholeNumber(text: string, what: string): number {
  if (!/^\s*[+-]?\d+\s*$/.test(text)) throw refuse(`'${text}' is not a whole number for ${what}.`);
  return Number(text);
}

export function refuse(message: string): Problem {
  return new Problem({ code: 'input', message });
}
