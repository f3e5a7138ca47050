/** Anything that makes a build impossible before a task has run. */
export abstract class PlanError extends Error {
  abstract readonly code: string;

  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }

  toString(): string {
    return `${this.name} [${this.code}]: ${this.message}`;
  }
}

export class CycleError extends PlanError {
  readonly code = "E_CYCLE";

  constructor(readonly path: readonly string[]) {
    super(path.join(" -> "));
  }
}

export class UnknownTaskError extends PlanError {
  readonly code = "E_UNKNOWN";

  constructor(readonly task: string, neededBy?: string) {
    super(neededBy ? `${task} (needed by ${neededBy})` : task);
  }
}
