import { CyclicDependencyError, MissingServiceError } from "./errors";
import type { Resolved, Token } from "./token";

export enum Lifetime {
  Singleton = "singleton",
  Scoped = "scoped",
  Transient = "transient",
}

interface Registration<T> {
  readonly lifetime: Lifetime;
  create(resolver: Resolver): T;
}

/** What a factory may ask for its dependencies. */
export interface Resolver {
  get<T>(key: Token<T>): T;
}

export interface Disposable {
  dispose(): void;
}

/** A named group of registrations, installed together. */
export interface Module {
  readonly name: string;
  readonly imports?: readonly Module[];
  register(container: Container): void;
}

function isDisposable(value: unknown): value is Disposable {
  return typeof (value as Partial<Disposable> | null)?.dispose === "function";
}

export class Container implements Resolver {
  private readonly registrations = new Map<Token<unknown>, Registration<unknown>>();
  private readonly instances = new Map<Token<unknown>, unknown>();
  private readonly installed = new Set<string>();
  private path: Token<unknown>[] = [];

  constructor(private readonly parent?: Container) {}

  /** Installs modules, those they import first and each only once. */
  install(...modules: Module[]): this {
    for (const module of modules) {
      if (this.installed.has(module.name)) continue;
      this.installed.add(module.name);
      this.install(...(module.imports ?? []));
      module.register(this);
    }
    return this;
  }

  value<T>(key: Token<T>, value: T): this {
    return this.factory(key, () => value);
  }

  factory<T>(
    key: Token<T>,
    create: (resolver: Resolver) => T,
    lifetime: Lifetime = Lifetime.Singleton,
  ): this {
    this.registrations.set(key, { create, lifetime });
    this.instances.delete(key);
    return this;
  }

  /** Registers a class whose constructor takes the services of `deps`. */
  class<T, D extends readonly Token<unknown>[]>(
    key: Token<T>,
    type: new (...args: Resolved<D>) => T,
    deps: readonly [...D],
    lifetime: Lifetime = Lifetime.Singleton,
  ): this {
    const create = (resolver: Resolver): T => {
      const args = deps.map((dep) => resolver.get(dep)) as Resolved<D>;
      return new type(...args);
    };
    return this.factory(key, create, lifetime);
  }

  get<T>(key: Token<T>): T {
    const owner = this.ownerOf(key);
    if (!owner) throw new MissingServiceError(key, this.path);

    const registration = owner.registrations.get(key) as Registration<T>;
    switch (registration.lifetime) {
      case Lifetime.Transient:
        return this.build(key, registration);
      case Lifetime.Scoped:
        return this.cached(key, registration);
      case Lifetime.Singleton:
        return owner.cached(key, registration);
    }
  }

  /** Runs `body` with a scope that is disposed of afterwards. */
  withScope<R>(body: (scope: Container) => R): R {
    const scope = new Container(this);
    try {
      return body(scope);
    } finally {
      scope.dispose();
    }
  }

  /** Disposes of the cached services, the youngest first. */
  dispose(): void {
    const instances = [...this.instances.values()].reverse();
    this.instances.clear();
    instances.filter(isDisposable).forEach((instance) => instance.dispose());
  }

  private ownerOf(key: Token<unknown>): Container | undefined {
    return this.registrations.has(key) ? this : this.parent?.ownerOf(key);
  }

  private cached<T>(key: Token<T>, registration: Registration<T>): T {
    if (!this.instances.has(key)) {
      this.instances.set(key, this.build(key, registration));
    }
    return this.instances.get(key) as T;
  }

  private build<T>(key: Token<T>, registration: Registration<T>): T {
    if (this.path.includes(key)) throw new CyclicDependencyError([...this.path, key]);
    this.path.push(key);
    try {
      return registration.create(this);
    } finally {
      this.path.pop();
    }
  }
}
