/** Looks a name up without regard to case; undefined when there is no such variable. */
export type Lookup = (name: string) => string | undefined;

/**
 * Replaces `$(name)` once: what comes in by a value is not looked at again, unknown names stay as written
 * (azure-pipelines-agent, VarUtil.ExpandValues).
 */
export function expandMacros(text: string, lookup: Lookup): string {
  let result = '';
  let at = 0;
  for (;;) {
    const start = text.indexOf('$(', at);
    const end = start < 0 ? -1 : text.indexOf(')', start + 2);
    if (end < 0) return result + text.slice(at);
    const value = lookup(text.slice(start + 2, end));
    if (value === undefined) {
      // Not a variable: go on behind the mark, so that a macro inside the parentheses is still seen.
      result += text.slice(at, start + 2);
      at = start + 2;
    } else {
      result += text.slice(at, start) + value;
      at = end + 1;
    }
  }
}
