import { Issue, IssueCode, Path, Result, failure, success } from "../result";
import { KindSchema } from "./schema";

interface Rule<T> {
  code: IssueCode;
  message: string;
  test(value: T): boolean;
}

/** A schema with a list of rules that are all reported, not only the first. */
abstract class RuleSchema<T> extends KindSchema<T> {
  private readonly rules: Rule<T>[] = [];

  protected abstract coerce(input: unknown): T | undefined;

  protected addRule(code: IssueCode, message: string, test: (value: T) => boolean): this {
    this.rules.push({ code, message, test });
    return this;
  }

  check(input: unknown, path: Path): Result<T> {
    const value = this.coerce(input);
    if (value === undefined) return this.reject(input, path);
    const issues = this.rules
      .filter((rule) => !rule.test(value))
      .map(({ code, message }): Issue => ({ code, path, message }));
    return issues.length > 0 ? failure(...issues) : success(value);
  }
}

const EMAIL = /^[^\s@]+@[^\s@]+\.[a-z]{2,}$/i;

export class StringSchema extends RuleSchema<string> {
  protected readonly kind = "string";
  private trimmed = false;

  trim(): this {
    this.trimmed = true;
    return this;
  }

  min(length: number, message = `must have at least ${length} characters`): this {
    return this.addRule(IssueCode.Range, message, (text) => text.length >= length);
  }

  max(length: number, message = `must have at most ${length} characters`): this {
    return this.addRule(IssueCode.Range, message, (text) => text.length <= length);
  }

  matches(pattern: RegExp, message = "has the wrong format"): this {
    return this.addRule(IssueCode.Format, message, (text) => pattern.test(text));
  }

  email(): this {
    return this.matches(EMAIL, "must be an email address");
  }

  protected coerce(input: unknown): string | undefined {
    if (typeof input !== "string") return undefined;
    return this.trimmed ? input.trim() : input;
  }
}

export class NumberSchema extends RuleSchema<number> {
  protected readonly kind = "number";

  integer(): this {
    return this.addRule(IssueCode.Format, "must be a whole number", Number.isInteger);
  }

  between(low: number, high: number): this {
    return this.addRule(IssueCode.Range, `must be between ${low} and ${high}`, (n) => n >= low && n <= high);
  }

  /** Form fields arrive as text, so numeric strings are accepted. */
  protected coerce(input: unknown): number | undefined {
    if (typeof input === "number") return input;
    if (typeof input !== "string" || input.trim() === "") return undefined;
    const parsed = Number(input);
    return Number.isNaN(parsed) ? undefined : parsed;
  }
}

export class BooleanSchema extends RuleSchema<boolean> {
  protected readonly kind = "boolean";
  private static readonly spellings = new Map<unknown, boolean>([[true, true], ["on", true], [false, false], ["off", false]]);

  isTrue(message: string): this {
    return this.addRule(IssueCode.Custom, message, (value) => value);
  }

  protected coerce(input: unknown): boolean | undefined {
    return BooleanSchema.spellings.get(input);
  }
}
