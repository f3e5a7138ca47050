/** A command that the rules of the bank do not allow. */
export class DomainError extends Error {
  constructor(readonly code: string, message: string) {
    super(message);
    this.name = 'DomainError';
  }
}

/** Somebody else has appended to the stream since it was read. */
export class ConcurrencyError extends Error {
  constructor(readonly streamId: string, expected: number, actual: number) {
    super(`${streamId} is at version ${actual}, expected ${expected}`);
    this.name = 'ConcurrencyError';
  }
}

export type Result<T, E = Error> = { ok: true; value: T } | { ok: false; error: E };
