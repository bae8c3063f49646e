/** What stands before an error of ours that is no refusal. */
export const DEFECT = 'DEFECT: ';

/** Words too common in messages to say that two of them mean the same. */
const COMMON = new Set([
  'true',
  'false',
  'null',
  'none',
  'type',
  'the',
  'and',
  'latest',
  'azureml',
  'yml',
  'yaml',
]);

/**
 * Whether two refusals have the same cause: what ours puts in quotes (members, values, files) is what the reference
 * client complains about. Where ours quotes nothing, a shared word of the reason is enough.
 */
export function sameCause(reference: string, ours: string): boolean {
  if (ours.startsWith(DEFECT)) return false;
  const theirs = new Set(wordsOf(reference));
  const quoted = [...ours.matchAll(/'([^']+)'/g)].flatMap(([, text]) => wordsOf(text ?? ''));
  if (quoted.some((word) => theirs.has(word))) return true;
  return REASONS.some((reason) => reason.theirs.test(reference) && reason.ours.test(ours));
}

function wordsOf(text: string): string[] {
  return (text.toLowerCase().match(/[a-z_][\w-]*/g) ?? []).filter(
    (word) => word.length > 2 && !COMMON.has(word),
  );
}

/** The same reason in the words of either side, where neither names a member. */
const REASONS: readonly { readonly theirs: RegExp; readonly ours: RegExp }[] = [
  {
    theirs: /ScannerError|ParserError|ComposerError|ConstructorError|YAML|mapping values|while /i,
    ours: /YAML|key must be|alias|tag|written like a date/i,
  },
  { theirs: /empty/i, ours: /is empty/i },
  { theirs: /Expect dict|must be a mapping|dictionary/i, ours: /must hold a mapping/i },
];
