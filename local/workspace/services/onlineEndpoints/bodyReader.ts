import { isObject, type Json } from '../../server/bodies.ts';
import { userError } from '../../server/failures.ts';
import { durationInMs } from './durations.ts';

/** Reads members of a request body; what is wrong is collected, so that one answer names it all. Null is absence, as in ARM. */
export class BodyReader {
  readonly #body: Json;
  readonly #path: string;
  readonly #faults: string[];

  constructor(body: unknown, path = '', faults: string[] = []) {
    this.#path = path;
    this.#faults = faults;
    this.#body = isObject(body) ? body : {};
    if (!isObject(body)) this.fault('', 'must be an object');
  }

  /** Throws one error with everything that was wrong so far. */
  throwFaults(): void {
    if (this.#faults.length > 0)
      throw userError(`The request body is not valid: ${this.#faults.join('; ')}.`);
  }

  fault(name: string, what: string): undefined {
    const place = [this.#path, name].filter(Boolean).join('.') || 'the body';
    this.#faults.push(`${place} ${what}`);
    return undefined;
  }

  has(name: string): boolean {
    return this.#value(name) !== undefined;
  }

  text(name: string): string | undefined {
    const value = this.#value(name);
    return value === undefined || typeof value === 'string' ? value : this.fault(name, 'must be a text');
  }

  flag(name: string): boolean | undefined {
    const value = this.#value(name);
    return value === undefined || typeof value === 'boolean'
      ? value
      : this.fault(name, 'must be true or false');
  }

  requiredText(name: string): string {
    const value = this.text(name);
    if (value) return value;
    this.fault(name, 'is required');
    return '';
  }

  /** One of the given words, compared without case as ARM does; the word as it is given here. */
  word<T extends string>(name: string, words: readonly T[]): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const found = words.find((word) => word.toLowerCase() === value.toLowerCase());
    return found ?? this.fault(name, `must be one of ${words.join(', ')}, not '${value}'`);
  }

  integer(name: string, least: number, most: number): number | undefined {
    const value = this.#value(name);
    if (value === undefined) return undefined;
    const isFine = typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
    return isFine ? value : this.fault(name, `must be a whole number from ${least} to ${most}`);
  }

  /** Milliseconds of an ISO 8601 duration. */
  duration(name: string, mostInMs = Number.MAX_SAFE_INTEGER): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const milliseconds = durationInMs(value);
    if (milliseconds === undefined) return this.fault(name, `must be an ISO 8601 duration, not '${value}'`);
    if (milliseconds <= mostInMs) return milliseconds;
    return this.fault(name, `must be at most ${mostInMs / 1000} seconds, not '${value}'`);
  }

  /** A reader for a nested object, or undefined when it is absent. */
  object(name: string): BodyReader | undefined {
    const value = this.#value(name);
    return value === undefined
      ? undefined
      : new BodyReader(value, [this.#path, name].filter(Boolean).join('.'), this.#faults);
  }

  texts(name: string): Record<string, string> {
    return this.#entries(name, (value): value is string => typeof value === 'string', 'a text');
  }

  textList(name: string): string[] | undefined {
    const value = this.#value(name);
    if (value === undefined) return undefined;
    const isFine = Array.isArray(value) && value.every((item) => typeof item === 'string');
    return isFine ? value : this.fault(name, 'must be a list of texts');
  }

  /** Whole percentages by name. */
  percentages(name: string): Record<string, number> {
    const isPercentage = (value: unknown): value is number =>
      typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 100;
    return this.#entries(name, isPercentage, 'a whole number from 0 to 100');
  }

  /** The object as it was sent, without members that are null. */
  raw(): Json {
    return Object.fromEntries(Object.entries(this.#body).filter(([, value]) => value !== null));
  }

  #entries<T>(name: string, isFine: (value: unknown) => value is T, kind: string): Record<string, T> {
    const value = this.#value(name);
    if (value === undefined) return {};
    if (!isObject(value)) {
      this.fault(name, 'must be an object');
      return {};
    }
    const result: Record<string, T> = {};
    for (const [key, item] of Object.entries(value)) {
      if (isFine(item)) result[key] = item;
      else if (item !== null) this.fault(`${name}.${key}`, `must be ${kind}`);
    }
    return result;
  }

  #value(name: string): unknown {
    return this.#body[name] ?? undefined;
  }
}
