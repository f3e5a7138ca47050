export type PathSegment = string | number;
export type Path = readonly PathSegment[];

export enum IssueCode {
  Required = "required",
  Type = "type",
  Range = "range",
  Format = "format",
  Custom = "custom",
}

export interface Issue {
  readonly code: IssueCode;
  readonly path: Path;
  readonly message: string;
}

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issues: readonly Issue[] };

export const success = <T>(value: T): Result<T> => ({ ok: true, value });
export const failure = (...issues: Issue[]): Result<never> => ({ ok: false, issues });

/** Renders a path the way it would be written in code: `items[2].name`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, segment) => {
    if (typeof segment === "number") return `${text}[${segment}]`;
    return text === "" ? segment : `${text}.${segment}`;
  }, "");
}

/** Thrown by `Schema.parse`; carries every issue that was found. */
export class ValidationError extends Error {
  constructor(readonly issues: readonly Issue[]) {
    super(`${issues.length} issue${issues.length === 1 ? "" : "s"} found`);
    this.name = "ValidationError";
  }

  /** Groups messages by the field they belong to. */
  flatten(): Map<string, string[]> {
    const fields = new Map<string, string[]>();
    for (const { path, message } of this.issues) {
      const key = formatPath(path) || "(form)";
      const messages = fields.get(key) ?? [];
      messages.push(message);
      fields.set(key, messages);
    }
    return fields;
  }
}
