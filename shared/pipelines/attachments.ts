import * as tl from 'azure-pipelines-task-lib/task.js';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { variable } from './agent.ts';

/** Type under which each task attaches the evidence record to its step; the name is `<hash>.json`. */
export const EVIDENCE_ATTACHMENT = 'azureml-evidence';

/** Adds a Markdown page to the run's summary. Returns the file it was written to. */
export function addSummary(name: string, markdown: string): string {
  const file = writeInTemp(`${name}.md`, markdown);
  tl.uploadSummary(file);
  return file;
}

/** Attaches a document to this step's record under a type, for pages and programs that read the run. */
export function addAttachment(type: string, name: string, content: string): string {
  const file = writeInTemp(name, content);
  tl.addAttachment(type, name, file);
  return file;
}

function writeInTemp(name: string, content: string): string {
  const folder = mkdtempSync(path.join(variable('Agent.TempDirectory') ?? tmpdir(), 'azureml-'));
  const file = path.join(folder, name);
  writeFileSync(file, content, 'utf8');
  return file;
}
