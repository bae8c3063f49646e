/** A version such as `1.2.3`: two to four numbers. */
export class Version {
  constructor(readonly parts: readonly number[]) {}

  toString(): string {
    return this.parts.join('.');
  }
}

/** What an expression comes to. Maps keep their order and are looked up without regard to case. */
export type Value = null | boolean | number | string | Version | readonly Value[] | ValueMap;
export type ValueMap = ReadonlyMap<string, Value>;
