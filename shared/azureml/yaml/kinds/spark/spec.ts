import type { Draft, DraftMap } from '../../compilation.ts';
import { draft } from '../../draft.ts';
import { nonEmpty, prefixed } from '../component/spec.ts';
import { confSpec, type SparkConf } from './conf.ts';
import type { Entry } from './settings.ts';

interface SparkParts {
  readonly code: Draft | undefined;
  readonly entry: Entry | undefined;
  readonly py_files: readonly string[] | undefined;
  readonly jars: readonly string[] | undefined;
  readonly files: readonly string[] | undefined;
  readonly archives: readonly string[] | undefined;
  readonly conf: SparkConf | undefined;
  readonly environment: Draft | null | undefined;
  readonly args: string | undefined;
  readonly properties: DraftMap | undefined;
}

/** The members that only a Spark component's specification has. */
export function sparkSpec(parts: SparkParts): DraftMap {
  return draft({
    code: parts.code === undefined ? undefined : prefixed(parts.code),
    entry: parts.entry && { file: parts.entry.name },
    py_files: parts.py_files,
    jars: parts.jars,
    files: parts.files,
    archives: parts.archives,
    conf: parts.conf && confSpec(parts.conf),
    environment: parts.environment ? prefixed(parts.environment) : undefined,
    args: parts.args,
    properties: parts.properties && nonEmpty(parts.properties),
  });
}
