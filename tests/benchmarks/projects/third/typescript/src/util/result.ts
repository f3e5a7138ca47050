/** A value or the reason why there is none. */
export type Ok<T> = { readonly kind: 'ok'; readonly value: T };
export type Err<E = Error> = { readonly kind: 'err'; readonly error: E };
export type Result<T, E = Error> = Ok<T> | Err<E>;

export const ok = <T>(value: T): Ok<T> => ({ kind: 'ok', value });
export const err = <E>(error: E): Err<E> => ({ kind: 'err', error });

export function isOk<T, E>(result: Result<T, E>): result is Ok<T> {
  return result.kind === 'ok';
}

export namespace Result {
  export function map<T, U, E>(result: Result<T, E>, fn: (value: T) => U): Result<U, E> {
    return isOk(result) ? ok(fn(result.value)) : result;
  }

  export function attempt<T>(run: () => T): Result<T, string> {
    try {
      return ok(run());
    } catch (error) {
      return err(error instanceof Error ? error.message : String(error));
    }
  }

  export const unwrapOr = <T, E>(result: Result<T, E>, fallback: T): T =>
    isOk(result) ? result.value : fallback;
}

export function assertNever(value: never): never {
  throw new Error(`unexpected ${JSON.stringify(value)}`);
}
