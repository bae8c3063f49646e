import type { Place, Text } from '../plan.ts';
import type { Findings } from './findings.ts';

const VALID = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Gives out the names of stages or jobs: each once, without regard to case. */
export class Names {
  private readonly taken = new Map<string, Place>();
  private readonly what: string;
  private readonly findings: Findings;

  /** `what` is `stage` or `job`. */
  constructor(what: string, findings: Findings) {
    [this.what, this.findings] = [what, findings];
  }

  /** The name given, or `<What><n>` when there is none, as the service numbers them. */
  take(given: Text | undefined, place: Place, position: number): string {
    const text = given?.text.trim() ?? '';
    const name = text === '' ? `${this.what[0]!.toUpperCase()}${this.what.slice(1)}${position}` : text;
    const at = given?.place ?? place;
    if (!VALID.test(name)) {
      this.findings.wrong(
        at,
        `'${name}' cannot name a ${this.what}: only letters, digits and _ are allowed, and no digit first.`,
      );
    }
    const before = this.taken.get(name.toLowerCase());
    if (before)
      this.findings.wrong(at, `There is already a ${this.what} '${name}' in ${before.file}:${before.line}.`);
    this.taken.set(name.toLowerCase(), at);
    return name;
  }
}
