/** Something wrong in an expression, and how many characters into it. */
export class ExpressionFailure extends Error {
  constructor(
    message: string,
    readonly offset: number,
    readonly next?: string,
  ) {
    super(message);
  }
}
