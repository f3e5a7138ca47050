import { IssueCode, Path, PathSegment, Result, ValidationError, failure, success } from "../result";

/** The static type that a schema produces. */
export type Infer<S> = S extends Schema<infer T> ? T : never;

export abstract class Schema<T> {
  /** Validates a raw value found at `path`. */
  abstract check(input: unknown, path: Path): Result<T>;

  parse(input: unknown): T {
    const result = this.check(input, []);
    if (!result.ok) throw new ValidationError(result.issues);
    return result.value;
  }

  optional(): Schema<T | undefined> {
    return new OptionalSchema<T>(this);
  }

  default(value: T): Schema<T> {
    return this.optional().transform((parsed) => parsed ?? value);
  }

  refine(test: (value: T) => boolean, message: string, ...suffix: PathSegment[]): Schema<T> {
    return new DerivedSchema(this, (value, path) =>
      test(value) ? success(value) : failure({ code: IssueCode.Custom, path: [...path, ...suffix], message }),
    );
  }

  transform<U>(map: (value: T) => U): Schema<U> {
    return new DerivedSchema(this, (value) => success(map(value)));
  }
}

/** Base of the schemas that look at the raw input themselves. */
export abstract class KindSchema<T> extends Schema<T> {
  protected abstract readonly kind: string;

  protected reject(input: unknown, path: Path): Result<never> {
    if (input === undefined || input === null) {
      return failure({ code: IssueCode.Required, path, message: "is required" });
    }
    return failure({ code: IssueCode.Type, path, message: `expected ${this.kind}, got ${typeof input}` });
  }
}

class OptionalSchema<T> extends Schema<T | undefined> {
  constructor(private readonly inner: Schema<T>) {
    super();
  }

  check(input: unknown, path: Path): Result<T | undefined> {
    return input === undefined || input === "" ? success(undefined) : this.inner.check(input, path);
  }
}

/** Continues with the value of another schema once that one has accepted it. */
class DerivedSchema<T, U> extends Schema<U> {
  constructor(
    private readonly inner: Schema<T>,
    private readonly next: (value: T, path: Path) => Result<U>,
  ) {
    super();
  }

  check(input: unknown, path: Path): Result<U> {
    const result = this.inner.check(input, path);
    return result.ok ? this.next(result.value, path) : result;
  }
}
