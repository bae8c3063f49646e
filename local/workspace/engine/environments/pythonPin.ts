const CLAUSE = /^(==|>=|<=|!=|~=|>|<)(\d+(?:\.\d+)*)(\.\*)?$/;

/** Whether a Python version such as `3.11.7` meets a specification in pip's form such as `==3.11.*` or `>=3.9,<3.13`. */
export function meetsPin(version: string, pin: string): boolean {
  return pin
    .split(',')
    .filter((clause) => clause !== '')
    .every((clause) => meetsClause(numbersOf(version), clause));
}

/** A pin that cannot be read (a pre-release, a build) is met by nothing, so that it ends in a warning. */
function meetsClause(version: readonly number[], clause: string): boolean {
  const match = CLAUSE.exec(clause);
  if (!match?.[1] || !match[2]) return false;
  const wanted = numbersOf(match[2]);
  // `==3.11` written exactly means 3.11.0 to pip; a person who pins Python so means any 3.11.
  const startsWith = match[3] !== undefined || wanted.length < 3;
  const order = compare(startsWith ? version.slice(0, wanted.length) : version, wanted);
  switch (match[1]) {
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    case '>=':
      return compare(version, wanted) >= 0;
    case '>':
      return order > 0;
    case '<=':
      return order <= 0;
    case '<':
      return compare(version, wanted) < 0;
    default:
      return (
        compare(version, wanted) >= 0 &&
        compare(version.slice(0, wanted.length - 1), wanted.slice(0, -1)) === 0
      );
  }
}

function numbersOf(version: string): number[] {
  return version.split('.').map(Number);
}

function compare(left: readonly number[], right: readonly number[]): number {
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
