import { Issue, IssueCode, Path, Result, failure, success } from "../result";
import { Infer, KindSchema, Schema } from "./schema";

export type Shape = Record<string, Schema<unknown>>;
export type InferShape<S extends Shape> = { [K in keyof S]: Infer<S[K]> };

function isRecord(input: unknown): input is Record<string, unknown> {
  return typeof input === "object" && input !== null && !Array.isArray(input);
}

export class ObjectSchema<S extends Shape> extends KindSchema<InferShape<S>> {
  protected readonly kind = "object";

  constructor(private readonly shape: S) {
    super();
  }

  get fields(): (keyof S & string)[] {
    return Object.keys(this.shape);
  }

  extend<E extends Shape>(extra: E): ObjectSchema<S & E> {
    return new ObjectSchema({ ...this.shape, ...extra });
  }

  check(input: unknown, path: Path): Result<InferShape<S>> {
    if (!isRecord(input)) return this.reject(input, path);
    const issues: Issue[] = [];
    const value: Partial<InferShape<S>> = {};
    for (const key of this.fields) {
      const result = this.shape[key].check(input[key], [...path, key]);
      if (result.ok) value[key] = result.value as InferShape<S>[typeof key];
      else issues.push(...result.issues);
    }
    return issues.length > 0 ? failure(...issues) : success(value as InferShape<S>);
  }
}

export class ArraySchema<T> extends KindSchema<T[]> {
  protected readonly kind = "array";

  constructor(private readonly element: Schema<T>) {
    super();
  }

  check(input: unknown, path: Path): Result<T[]> {
    if (!Array.isArray(input)) return this.reject(input, path);
    const issues: Issue[] = [];
    const values: T[] = [];
    input.forEach((item: unknown, index) => {
      const result = this.element.check(item, [...path, index]);
      if (result.ok) values.push(result.value);
      else issues.push(...result.issues);
    });
    return issues.length > 0 ? failure(...issues) : success(values);
  }
}

export class ChoiceSchema<T extends string> extends KindSchema<T> {
  protected readonly kind = "choice";

  constructor(private readonly choices: readonly T[]) {
    super();
  }

  check(input: unknown, path: Path): Result<T> {
    const found = this.choices.find((choice) => choice === input);
    if (found !== undefined) return success(found);
    if (typeof input !== "string") return this.reject(input, path);
    return failure({ code: IssueCode.Format, path, message: `must be one of ${this.choices.join(", ")}` });
  }
}
