export * from './collections';
export { Result, ok, err, isOk, assertNever } from './result';
export type { Ok, Err as Failure } from './result';
