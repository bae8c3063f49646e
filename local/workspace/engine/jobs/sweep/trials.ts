/** The values of one trial, by parameter. */
export type Trial = Readonly<Record<string, string>>;

/** Gives one trial after the other, and may learn from what they came to. */
export interface TrialSource {
  /** Undefined when there are no more. */
  next(number: number): Promise<Trial | undefined>;
  /** What the trial gave, more is better; undefined when it gave nothing. */
  tell(number: number, value: number | undefined): void;
  close(): void;
}
