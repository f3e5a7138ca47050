import type { Token } from "./token";

export class ContainerError extends Error {}

export class MissingServiceError extends ContainerError {
  constructor(key: Token<unknown>, path: readonly Token<unknown>[]) {
    const trail = path.length > 0 ? ` (needed by ${path.map(String).join(" -> ")})` : "";
    super(`nothing is registered for ${key}${trail}`);
  }
}

export class CyclicDependencyError extends ContainerError {
  constructor(path: readonly Token<unknown>[]) {
    super(`services depend on each other: ${path.map(String).join(" -> ")}`);
  }
}
