const HIDDEN = '***';

const PATTERNS: readonly [RegExp, string][] = [
  [/([?&](?:sig|sv?ig|code|client_secret|client_assertion|access_token|token)=)[^&\s"'<>]+/gi, `$1${HIDDEN}`],
  [/(Bearer\s+)[A-Za-z0-9._~+/=-]{8,}/gi, `$1${HIDDEN}`],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g, HIDDEN],
  [/(AccountKey=|SharedAccessKey=|SharedAccessSignature=)[^;\s"']+/gi, `$1${HIDDEN}`],
  [/(\/\/[^/\s:@]+:)[^@\s/]+@/g, `$1${HIDDEN}@`],
];

/** Takes out what looks like a secret: SAS signatures, bearer tokens, account keys, passwords in URLs. */
export function redact(text: string): string {
  return PATTERNS.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
}
