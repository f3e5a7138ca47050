export type Listener<T> = (event: T) => void;

export interface Source<T> {
  listen(listener: Listener<T>): () => void;
}

export class Emitter<T> implements Source<T> {
  private readonly listeners = new Set<Listener<T>>();

  listen(listener: Listener<T>): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  emit(event: T): void {
    this.listeners.forEach((listener) => listener(event));
  }

  get count(): number {
    return this.listeners.size;
  }
}
